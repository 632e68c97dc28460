// Buttons that act with a key: ask for a challenge, let the kind's own module answer it, send the form. Nothing is done
// before a tap. device-key.js and passkey.js are the browser's half of passes.
const { deviceKey, passkey } = document.querySelector("script[data-passkey]").dataset;
const MODULES = { device_key: await import(deviceKey), passkey: await import(passkey) };
const zh = document.documentElement.lang === "zh-CN";

async function act({ form, dataset: { of, act } }) {
  const module = MODULES[of];
  if (act === "prove" && of === "device_key" && !(await module.held())) throw new DOMException("", "NotFoundError");
  const address = new URL(form.dataset.ask, location.href);
  address.searchParams.set("of", of);
  const asked = await fetch(address, { redirect: "error" });
  if (!asked.ok) throw new DOMException("", "NetworkError");
  form.elements.sent.value = await module[act](await asked.json());
  form.elements.of.value = of;
  form.requestSubmit();
}

function say({ form }, error) {
  const box = form.querySelector("[data-said]");
  const none = error.name === "NotFoundError";
  box.hidden = false;
  box.textContent = none
    ? (zh ? "这部手机上还没有存过密钥，请换一种方式。" : "There is no key on this phone yet; choose another way.")
    : (zh ? "没有办成，请再试，或换一种方式。" : "That did not work; try again, or another way.") + ` (${error.name})`;
}

for (const button of document.querySelectorAll("button[data-act]")) {
  // A passkey may live in a key that is plugged in: whether there is one shows when it is asked for.
  const can = button.dataset.of === "passkey" ? Boolean(globalThis.PublicKeyCredential) : await MODULES.device_key.able();
  button.disabled = !can;
  button.addEventListener("click", (event) => {
    event.preventDefault();
    act(button).catch((error) => say(button, error));
  });
}
