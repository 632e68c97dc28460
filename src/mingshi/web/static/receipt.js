// Checks the receipt that stands in this page, on this device: verify.js does it, this shows what it said.
const script = document.querySelector("script[data-verify]");
const box = document.getElementById("verdict");
const zh = document.documentElement.lang === "zh-CN";
const { verifyText } = await import(script.dataset.verify);
const receipt = document.getElementById("receipt").textContent;
const policy = document.getElementById("trust").textContent;
const verdict = await verifyText(receipt, { policy });
box.hidden = false;
box.classList.add(verdict.verified ? "good" : "bad");
box.textContent = verdict.verified
  ? (zh ? "已在您的设备上核验：签名与内容相符。" : "Checked on your device: the signature fits the content.")
  : (zh ? `未能核验（${verdict.reason}）。` : `Not verified (${verdict.reason}).`);
