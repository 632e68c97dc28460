// Keys on this phone: a WebCrypto key that cannot leave it, or a passkey. Signs what the page asks for, fills the form in
// and sends it. Nothing is done before a tap.
const NAME = "visit-key";

function store(mode, work) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("mingshi", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("keys");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const request = work(opening.result.transaction("keys", mode).objectStore("keys"));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    };
  });
}

const b64 = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));

async function sign(pair, form) {
  const { address, purpose, challenge } = form.dataset;
  const text = `mingshi/device-key/v1\n${address}\n${purpose}\n${challenge}\n`;
  const signature = await crypto.subtle.sign(
    { name: "ECDSA", hash: "SHA-256" }, pair.privateKey, new TextEncoder().encode(text));
  form.elements.point.value = b64(await crypto.subtle.exportKey("raw", pair.publicKey));
  form.elements.signature.value = b64(signature);
  form.requestSubmit();
}

function say(form, error) {
  const box = form.querySelector("[data-said]");
  const zh = document.documentElement.lang === "zh-CN";
  box.hidden = false;
  box.textContent = (zh ? "没有办成，请再试，或换一种方式。" : "That did not work; try again, or another way.") + ` (${error.name})`;
}

async function withKey(form) {
  const pair = await store("readonly", (keys) => keys.get(NAME));
  if (pair) return sign(pair, form);
  throw new DOMException("", "NotFoundError");
}

async function makeKey(form) {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
  await store("readwrite", (keys) => keys.put(pair, NAME));
  return sign(pair, form);
}

async function withPasskey(form) {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(form.dataset.use));
  const credential = await navigator.credentials.get({ publicKey });
  form.elements.answer.value = JSON.stringify(credential.toJSON());
  form.requestSubmit();
}

async function makePasskey(form) {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(JSON.parse(form.dataset.make));
  const credential = await navigator.credentials.create({ publicKey });
  form.elements.answer.value = JSON.stringify(credential.toJSON());
  form.requestSubmit();
}

const ACTS = { withKey, makeKey, withPasskey, makePasskey };
for (const button of document.querySelectorAll("button[data-act]")) {
  button.disabled = false;
  button.addEventListener("click", (event) => {
    event.preventDefault();
    ACTS[button.dataset.act](button.form).catch((error) => say(button.form, error));
  });
}
