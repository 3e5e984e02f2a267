/** The look of report.html: one column, light and dark by the reader's setting, fit for a telephone and for paper. */
import { Markup } from './markup.ts';

export const style = new Markup(`<style>
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--text:#1b1f24;--dim:#5b6470;--line:#dfe3e8;--accent:#2f6feb;--accent2:#8a63d2;
--good:#1a7f4b;--goodbg:#e3f5ea;--warn:#8a5a00;--warnbg:#fff3d6;--bad:#b3261e;--badbg:#fdeaea;--open:#2f5fb3;--openbg:#e6effd;--code:#eef1f4}
@media (prefers-color-scheme:dark){:root{--page:#101418;--card:#181d23;--text:#e6e9ed;--dim:#9aa4b0;--line:#2b323b;--accent:#6ea2ff;--accent2:#b497f0;
--good:#5fd39a;--goodbg:#12301f;--warn:#f0bd57;--warnbg:#332609;--bad:#ff8b82;--badbg:#3a1614;--open:#8fb6ff;--openbg:#14263f;--code:#222931}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;-webkit-text-size-adjust:100%}
main{max-width:64rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.75rem;line-height:1.2;margin:0 0 .4rem}
h2{font-size:1.2rem;margin:2.2rem 0 .8rem}
h3{font-size:1rem;margin:0}
p{margin:.4rem 0}
a{color:var(--accent)}
.verdict{border-radius:.8rem;padding:1.3rem 1.4rem;border-left:.5rem solid currentColor}
.verdict p{color:var(--text);font-size:1.08rem;margin:0}
.good{background:var(--goodbg);color:var(--good)}.attention{background:var(--warnbg);color:var(--warn)}
.bad{background:var(--badbg);color:var(--bad)}.open{background:var(--openbg);color:var(--open)}
.tiles{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:.7rem;margin:1rem 0}
.tile,.card{background:var(--card);border:1px solid var(--line);border-radius:.7rem;padding:.8rem 1rem}
.tile b{display:block;font-size:1.35rem;font-variant-numeric:tabular-nums;line-height:1.25}
.tile span{color:var(--dim);font-size:.85rem}
.card{margin:.8rem 0}
.head{display:flex;flex-wrap:wrap;gap:.3rem .7rem;align-items:baseline}
.code{font:600 .78rem/1.6 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;padding:.05rem .5rem;border-radius:1rem;background:var(--warnbg);color:var(--warn)}
.dim{color:var(--dim);font-size:.9rem}
.where{font-weight:600;overflow-wrap:anywhere;unicode-bidi:isolate}
pre,code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.85rem}
code{overflow-wrap:anywhere;unicode-bidi:isolate}
pre{background:var(--code);padding:.6rem .8rem;border-radius:.5rem;margin:.5rem 0;white-space:pre-wrap;overflow-wrap:anywhere}
details{margin:.5rem 0}summary{cursor:pointer;color:var(--dim)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem;margin:0}
dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}
.scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:.7rem}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{padding:.42rem .8rem;text-align:left;border-bottom:1px solid var(--line);vertical-align:top}
tr:last-child td{border-bottom:0}
thead th{color:var(--dim);font-weight:600;white-space:nowrap}
tfoot td{font-weight:600;border-top:2px solid var(--line)}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td.zero{color:var(--dim);opacity:.6}
td.alert{color:var(--warn);font-weight:600}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));gap:.8rem}
.chart{display:grid;grid-template-columns:minmax(0,11rem) 1fr max-content;gap:.25rem .6rem;align-items:center;font-size:.85rem;margin-top:.6rem}
.chart .name{overflow:hidden;text-overflow:ellipsis;white-space:nowrap;unicode-bidi:isolate}
.track{height:.85rem;background:var(--code);border-radius:.3rem;overflow:hidden;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.bar{display:block;height:100%;background:var(--accent);border-radius:.3rem;min-width:2px}
.second .bar{background:var(--accent2)}
.status{font-weight:600}.status.passed{color:var(--good)}.status.failed{color:var(--bad)}.status.not{color:var(--dim)}
footer{margin-top:2.5rem;color:var(--dim);font-size:.85rem}
@media (max-width:34rem){.tiles{grid-template-columns:repeat(2,minmax(0,1fr))}main{padding:1rem .7rem 3rem}h1{font-size:1.4rem}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5rem}.chart{grid-template-columns:minmax(0,8rem) 1fr max-content}
th,td{padding:.4rem .5rem}}
@media print{:root{--page:#fff;--card:#fff;--text:#000;--dim:#444;--line:#bbb;--code:#f0f0f0}body{font-size:11pt}main{max-width:none;padding:0}
details::details-content{content-visibility:visible}.card,.verdict,tr{break-inside:avoid}.scroll{overflow:visible}table{font-size:8.5pt}th,td{padding:.2rem .35rem}}
</style>`);
