// 设备密钥: a key of this browser that cannot be taken out of it (P-256, WebCrypto, kept in IndexedDB).
//
// Rules: the private half is made unextractable and is used for nothing but `statement`; the site in a statement is
// this page's own origin, never what a server says; nothing is read from the phone and nothing is sent but a public key
// and signatures. Reference: mingshi.passes.device_key.

const STORE = "keys";
const OURS = "device";
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" };
const SIGNING = { name: "ECDSA", hash: "SHA-256" };

/** Whether this browser can keep such a key: a secure page, WebCrypto and IndexedDB. */
export function able() {
  return Boolean(globalThis.isSecureContext && globalThis.crypto?.subtle && globalThis.indexedDB);
}

/** The pass's id if this browser holds a key, else "". */
export async function held() {
  return able() ? ((await kept())?.passId ?? "") : "";
}

/** Make a key, or use the one that is there, and answer `enrol_options`. Returns the text for `DeviceKeys.enrol`. */
export async function enrol(options) {
  const ours = (await kept()) ?? (await made());
  const key = base64(await crypto.subtle.exportKey("spki", ours.pair.publicKey));
  return JSON.stringify({ ...(await answer(ours, options)), key });
}

/** Answer `options`. Returns the text for `DeviceKeys.check`; throws where this browser holds no key. */
export async function prove(options) {
  const ours = await kept();
  if (!ours) throw new Error("no device key here");
  return JSON.stringify({ ...(await answer(ours, options)), pass_id: ours.passId });
}

/** Throw the key away: it cannot be had again. */
export async function forget() {
  await inStore("readwrite", (store) => store.delete(OURS));
}

/** The bytes that are signed: canonical JSON, keys in order (mingshi.passes.device_key.statement). */
export function statement(site, { door, challenge, action }) {
  return new TextEncoder().encode(JSON.stringify({ action, challenge, door, site, v: 1 }));
}

async function answer({ pair }, options) {
  const site = location.origin;
  const signature = await crypto.subtle.sign(SIGNING, pair.privateKey, statement(site, options));
  return { challenge: options.challenge, site, signature: base64(signature) };
}

async function made() {
  const pair = await crypto.subtle.generateKey(ALGORITHM, false, ["sign", "verify"]);
  const digest = await crypto.subtle.digest("SHA-256", await crypto.subtle.exportKey("spki", pair.publicKey));
  const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const ours = { pair, passId: `DK-${hex.slice(0, 32)}` };
  await inStore("readwrite", (store) => store.put(ours, OURS));
  return ours;
}

function kept() {
  return inStore("readonly", (store) => store.get(OURS));
}

function inStore(mode, act) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("mingshi-pass", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const base = opening.result;
      const transaction = base.transaction(STORE, mode);
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => (base.close(), resolve(request.result));
      transaction.onabort = () => (base.close(), reject(transaction.error));
    };
  });
}

function base64(buffer) {
  return btoa(String.fromCharCode(...new Uint8Array(buffer)));
}
