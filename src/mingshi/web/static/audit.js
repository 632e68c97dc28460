// Checks the newest checkpoint on the reader's own device; nothing is sent anywhere.
const script = document.querySelector("script[data-verify]");
const at = (id) => document.getElementById(id);
const zh = document.documentElement.lang === "zh-CN";
const { parseCheckpoint, parseNote, parsePolicy, satisfied, signedBy } = await import(script.dataset.verify);

const box = at("verdict");
try {
  const note = parseNote(at("checkpoint").textContent);
  const { origin, size } = parseCheckpoint(note.text);
  const policy = await parsePolicy(at("trust").textContent);
  const signed = [];
  for (const log of policy.logs) if ((await signedBy(note, log)).length) signed.push(log.name);
  const cosigners = new Map();
  for (const [name, witness] of policy.witnesses) {
    const times = await signedBy(note, witness);
    if (times.length) cosigners.set(name, Math.max(...times));
  }
  const good = signed.includes(origin) && satisfied(policy, new Set(cosigners.keys()));
  const told = [...cosigners].map(([name, time]) => `${name} ${new Date(time * 1000).toISOString().slice(0, 19).replace("T", " ")} UTC`);
  box.classList.add(good ? "good" : "bad");
  const who = told.join(zh ? "；" : "; ") || (zh ? "没有" : "none");
  box.textContent = good
    ? (zh ? `已在您的设备上核验：${size} 条，日志签名相符；见证方联署：${who}。` : `Checked on your device: ${size} entries, the log's signature fits; cosigned by: ${who}.`)
    : (zh ? `没有通过：日志签名 ${signed.length ? "相符" : "不符"}；见证方联署：${who}，未达到信任规则。` : `Not accepted: the log's signature ${signed.length ? "fits" : "does not fit"}; cosigned by: ${who}; the rule of trust asks for more.`);
} catch (error) {
  box.classList.add("bad");
  box.textContent = zh ? `没有通过：${error.code ?? error.name} ${error.message}` : `Refused: ${error.code ?? error.name} ${error.message}`;
}
box.hidden = false;
