// Whether a number and a salt give the commitment of a deletion proof: on this device, nothing is sent anywhere.
const at = (id) => document.getElementById(id);
const zh = document.documentElement.lang === "zh-CN";
const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

async function fits() {
  const numbers = at("number").value.split(/[\s,，、]+/).filter(Boolean).sort();
  const said = new TextEncoder().encode(["mingshi/subject/v1", ...numbers].join("\0"));
  const salt = bytes(at("salt").value.trim());
  const key = await crypto.subtle.importKey("raw", salt, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
  return crypto.subtle.verify("HMAC", key, bytes(at("commitment").textContent.trim()), said);
}

at("compare").addEventListener("click", async () => {
  const right = await fits().catch(() => false);
  const box = at("verdict");
  box.hidden = false;
  box.classList.toggle("good", right);
  box.classList.toggle("bad", !right);
  if (right) box.textContent = zh ? "相符：这份证明是这个号码的删除。" : "It fits: this proof is of the erasure of this number.";
  else box.textContent = zh ? "不符：号码或盐值不对，或不是这一份证明。" : "It does not fit: another number, salt or proof.";
});
