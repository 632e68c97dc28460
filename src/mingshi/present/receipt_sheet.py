"""A receipt on paper: what it says, both QR codes, and the fingerprints to compare.

The rules this module keeps:

1. Paper names every key it rests on by fingerprint, and the rule of trust as a whole: a lawyer takes them
   from here or from the agency's witness, never from the site (LEDGER amendment 7).
2. The short code fits QR version 6 at level M, for cheap phones; the full code is for A4 only.
3. Drawn as SVG in the page itself: nothing is fetched, no script runs.
"""

import io
from html import escape
from typing import Final

import segno

from mingshi.ledger.reference import Reference, full_text
from mingshi.ledger.verify import Policy, Verdict, explain, fingerprint, unb64

SHORT_VERSION_MAX: Final = 6


def short_code(verdict: Verdict) -> str:
    """The text of the short reference to a verified receipt."""
    facts = verdict.facts
    origin, leaf, index, size = (facts[name] for name in ("origin", "leaf", "index", "size"))
    assert isinstance(origin, str)
    assert isinstance(leaf, str)
    assert isinstance(index, int)
    assert isinstance(size, int)
    return str(Reference.to(origin, unb64(leaf, 32), index, size))


def qr_svg(text: str, *, error: str, version_max: int = 40) -> str:
    """A QR code as an SVG element, one unit a module. Raises `ValueError` beyond `version_max`."""
    code = segno.make_qr(text, error=error, boost_error=False)
    if not isinstance(code.version, int) or code.version > version_max:
        raise ValueError(f"内容太长，放不进二维码 / too long for a QR code of version {version_max}")
    out = io.BytesIO()
    code.save(out, kind="svg", xmldecl=False, svgclass="qr", lineclass=None, omitsize=True, nl=False)
    return out.getvalue().decode()


def sheet_html(receipt: str, verdict: Verdict, policy: str) -> str:
    """A page to print of a receipt that was verified under this rule of trust."""
    assert verdict, "only a verified receipt is printed"
    assert verdict.facts["policy_fingerprint"] == fingerprint(policy)
    rule = Policy.parse(policy)
    keys = [("信任规则 / rule of trust", fingerprint(policy))]
    keys += [(f"日志 / log {key.name}", fingerprint(str(key))) for key in rule.logs]
    keys += [(f"见证 / witness {each.key.name}", fingerprint(str(each.key))) for each in rule.witnesses]
    rows = "".join(f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in keys)
    said = escape(explain(verdict, "zh") + "\n\n" + explain(verdict, "en"))
    return (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>存证回执</title>'
        f"<style>{_STYLE}</style><h1>存证回执 <small>receipt</small></h1>"
        f'<figure class="short">{qr_svg(short_code(verdict), error="M", version_max=SHORT_VERSION_MAX)}'
        "<figcaption>短码：找回电子回执 / finds the file</figcaption></figure>"
        f"<pre>{said}</pre><table>{rows}</table>"
        f'<figure class="full">{qr_svg(full_text(receipt), error="L")}'
        "<figcaption>全码：回执全文 / the whole receipt</figcaption></figure></html>\n"
    )


_STYLE: Final = (
    "@page{size:A4;margin:15mm}body{font:10pt/1.4 sans-serif}pre{white-space:pre-wrap;font:8pt/1.4 monospace}"
    "table{font:8pt monospace;border-collapse:collapse}"
    "th{text-align:left;padding-right:1em;font-weight:normal}"
    "figure{margin:2mm 0;break-inside:avoid}.short svg{width:32mm}.full svg{width:110mm}path{stroke:#000}"
)
