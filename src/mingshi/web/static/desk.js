// The desk: a live queue, entries that wait while the line is down, and a screen that forgets.
// What waits stands in this browser until the site has sealed it, and no longer.
const zh = document.documentElement.lang === "zh-CN";
const form = document.getElementById("entry");
const box = document.getElementById("waiting");
const IDLE_MS = 15 * 60 * 1000;

function store(mode, work) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("mingshi-desk", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("entries", { keyPath: "once" });
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const request = work(opening.result.transaction("entries", mode).objectStore("entries"));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    };
  });
}

async function show(note = "") {
  const rows = await store("readonly", (entries) => entries.getAll());
  box.hidden = rows.length === 0 && !note;
  const said = rows.length ? (zh ? `有 ${rows.length} 条待同步，请勿清除浏览器数据。` : `${rows.length} wait to be sent; do not clear the browser.`) : "";
  box.textContent = [note, said].filter(Boolean).join(" ");
  box.dataset.waiting = rows.length;
}

const word = () => [...crypto.getRandomValues(new Uint8Array(12))].map((one) => one.toString(16).padStart(2, "0")).join("");

form?.addEventListener("submit", async (event) => {
  if (navigator.onLine && !document.body.dataset.shell) return; // the plain form does it
  event.preventDefault();
  if (event.submitter?.value === "paper") {
    await show(zh ? "线路不通：联单照发，线路恢复后按编号补登。" : "The line is down: hand out the counterfoil and record its number later.");
    return;
  }
  const phone = (form.elements.phone ?? form.elements.scan).value.replace(/[\s-]/g, "");
  if (!/^1[3-9]\d{9}$/.test(phone)) {
    await show(zh ? "手机号为 11 位数字。" : "A mobile number has 11 digits.");
    return;
  }
  const entry = { once: word(), phone, party: form.elements.party.value, at: Date.now() };
  await store("readwrite", (entries) => entries.put(entry));
  form.reset();
  await show(zh ? "线路不通，已先记下。" : "The line is down; it is noted.");
});

let sending = false;
async function send() {
  if (sending || !navigator.onLine) return;
  sending = true;
  try {
    const rows = await store("readonly", (entries) => entries.getAll());
    if (!rows.length) return;
    const asked = await fetch("/desk/word", { cache: "no-store" });
    if (!asked.ok || asked.redirected) throw new Error("session");
    const { csrf } = await asked.json();
    for (const row of rows) {
      // How long ago, by one clock: a clock that is wrong by hours does no harm.
      const body = new URLSearchParams({ ...row, csrf, ago_ms: String(Math.max(0, Date.now() - row.at)) });
      const answer = await fetch("/desk/later", { method: "POST", body, redirect: "manual" });
      if (answer.status === 200) await store("readwrite", (entries) => entries.delete(row.once));
      else if (answer.status !== 422) throw new Error(String(answer.status));
    }
    await show();
    if (document.body.dataset.shell) location.href = "/desk";
  } catch (error) {
    await show(error.message === "session" ? (zh ? "请登录后同步。" : "Sign in to send them.") : "");
  } finally {
    sending = false;
  }
}

const ROW = ["time", "number", "way", "adults", "state"];
async function refresh() {
  const answer = await fetch("/desk/rows", { cache: "no-store" });
  if (!answer.ok || answer.redirected) return;
  const { rows, head } = await answer.json();
  document.getElementById("figures").textContent = head;
  document.getElementById("queue").replaceChildren(...rows.map((row) => {
    const line = document.createElement("tr");
    line.append(...ROW.map((name) => {
      const cell = document.createElement("td");
      cell.textContent = row[name];
      if (name === "adults") cell.className = "n";
      return cell;
    }));
    return line;
  }));
}

let rested = Date.now();
for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => { rested = Date.now(); });
setInterval(() => { if (Date.now() - rested > IDLE_MS) location.replace("/staff"); }, 5000);

addEventListener("online", send);
setInterval(send, 5000);
show();
send();
if (document.getElementById("queue")) {
  new EventSource("/desk/live").addEventListener("changed", refresh);
}

// The one script address that is made here; the page's policy lets no other through.
const WORKER = "/desk-worker.js";
const policy = globalThis.trustedTypes?.createPolicy("mingshi", {
  createScriptURL: (address) => {
    if (address !== WORKER) throw new TypeError(address);
    return address;
  },
});
navigator.serviceWorker?.register(policy ? policy.createScriptURL(WORKER) : WORKER, { scope: "/desk" });
