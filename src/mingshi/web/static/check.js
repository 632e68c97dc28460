// Checks a pasted or chosen receipt on this device; nothing is sent anywhere.
const script = document.querySelector("script[data-verify]");
const at = (id) => document.getElementById(id);
const zh = document.documentElement.lang === "zh-CN";
const { verifyText } = await import(script.dataset.verify);

at("file").addEventListener("change", async () => {
  const [file] = at("file").files;
  if (file && file.size < 1_000_000) at("receipt").value = await file.text();
});

at("check").addEventListener("click", async () => {
  const said = at("fingerprint").value.trim();
  const trust = said ? { fingerprint: said } : { policy: at("trust").textContent };
  const verdict = await verifyText(at("receipt").value, trust);
  const box = at("verdict");
  box.hidden = false;
  box.classList.toggle("good", Boolean(verdict?.verified));
  box.classList.toggle("bad", !verdict?.verified);
  if (verdict === null) box.textContent = zh ? "这不是回执。" : "This is no receipt.";
  else if (verdict.verified) box.textContent = zh ? "核验通过：签名与内容相符，记录在日志里。" : "Verified: the signature fits the content, and the log holds it.";
  else box.textContent = zh ? `没有通过（${verdict.reason}）${verdict.detail}` : `Refused (${verdict.reason}) ${verdict.detail}`;
});
