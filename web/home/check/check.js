// The public check of a paper: asks the hub what it knows, and compares a file
// on this device with what was issued. Everything is shown as text.
const words = {
  valid: ["有效", "In force"],
  replaced: ["已被新证照替代", "Replaced by a newer paper"],
  revoked: ["已作废", "Revoked"],
};
const kinds = {
  certificate: ["不动产权证书", "Certificate of real property title"],
  proof: ["不动产登记证明", "Registration proof"],
  cancellation: ["注销登记告知书", "Letter of cancellation"],
  search_result: ["不动产登记资料查询结果", "Search result"],
};

const $ = (id) => document.getElementById(id);
let issued = ""; // digest of the sealed file

function element(tag, text, lang) {
  const e = document.createElement(tag);
  e.textContent = text;
  if (lang) e.lang = lang;
  return e;
}

function show(state, [chinese, english], rows) {
  const list = document.createElement("dl");
  for (const [label, value] of rows) list.append(element("dt", label), element("dd", value));
  const title = element("h2", chinese + " ");
  title.append(element("small", english, "en"));
  $("answer").className = state;
  $("answer").replaceChildren(title, list);
  $("answer").hidden = false;
}

const when = (t) => new Date(t).toLocaleString("zh-CN", { timeZone: "Asia/Shanghai", dateStyle: "long", timeStyle: "short" });

async function check(id, code) {
  $("compare").hidden = true;
  let answer;
  try {
    answer = await fetch("/api/v1/check?" + new URLSearchParams({ id, code }), { headers: { "Accept-Language": "zh-CN" } });
  } catch {
    return show("unknown", ["无法连接，请稍后再试", "No connection; try again"], []);
  }
  if (answer.status === 404 || answer.status === 422) {
    return show("unknown", ["没有这份证照", "There is no such paper"], [["提示 Hint", "请核对标识和核验码。Compare both with the paper."]]);
  }
  if (answer.status === 429) return show("unknown", ["查询过于频繁，请稍后再试", "Too many questions; wait a minute"], []);
  if (!answer.ok) return show("unknown", ["暂时无法核验，请稍后再试", "The check is not available now; try again"], []);
  const p = await answer.json();
  const rows = [
    ["证照 Paper", (kinds[p.kind] ?? [p.kind, ""]).join(" ")],
    ["编号 Number", p.number],
    ["标识 Identifier", p.id],
    ["发证机关 Issuer", p.issuer.name],
    ["签发时间 Issued", when(p.issued_at)],
  ];
  if (p.revoked_at) rows.push(["作废时间 Revoked", when(p.revoked_at)]);
  rows.push(["核验时间 Checked", when(Date.now())]);
  show(p.state, words[p.state], rows);
  issued = p.digest;
  $("same").textContent = "";
  $("compare").hidden = false;
}

async function compare(file) {
  const sum = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  const hex = Array.from(new Uint8Array(sum), (b) => b.toString(16).padStart(2, "0")).join("");
  const same = issued === "sha256:" + hex;
  $("same").className = same ? "yes" : "no";
  $("same").textContent = same ? "一致：这就是签发的文件。 It is the file that was issued." : "不一致：这不是签发的文件。 It is another file.";
}

$("ask").addEventListener("submit", (e) => {
  e.preventDefault();
  const f = new FormData(e.target);
  history.replaceState(null, "", "/check/?" + new URLSearchParams(f));
  check(f.get("id").trim(), f.get("code").trim());
});
$("file").addEventListener("change", (e) => e.target.files[0] && compare(e.target.files[0]));

const given = new URLSearchParams(location.search);
if (given.get("id") && given.get("code")) {
  $("ask").elements.id.value = given.get("id");
  $("ask").elements.code.value = given.get("code");
  check(given.get("id"), given.get("code"));
}
