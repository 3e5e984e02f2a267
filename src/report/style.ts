/** The look of report.html: one column, light and dark by the reader's setting, fit for a telephone and for paper. */
import { Markup } from './markup.ts';

const colours = `
:root{color-scheme:light dark;--page:#f5f6f8;--card:#fff;--text:#1a1e24;--dim:#59626d;--line:#dde1e7;--accent:#2f6feb;--accent2:#8250df;
--good:#11663a;--goodbg:#e1f4e8;--warn:#7a4e00;--warnbg:#fff1cf;--bad:#a81f18;--badbg:#fde8e6;--open:#1f53a8;--openbg:#e4edfd;--code:#eef1f4}
@media (prefers-color-scheme:dark){:root{--page:#0f1317;--card:#171c22;--text:#e6e9ed;--dim:#a3adb8;--line:#2c343d;--accent:#6ea2ff;--accent2:#b797f5;
--good:#67d9a2;--goodbg:#10301f;--warn:#f2c164;--warnbg:#332708;--bad:#ff958c;--badbg:#3b1715;--open:#93b9ff;--openbg:#13253f;--code:#222a32}}`;

const mono = 'ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace';

const frame = `
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;-webkit-text-size-adjust:100%}
main{max-width:72rem;margin:0 auto;padding:1.5rem 1rem 4rem}
a{color:var(--open)}:focus-visible{outline:.15rem solid var(--accent);outline-offset:.1rem}
h1{font-size:1.75rem;line-height:1.2;margin:0 0 .35rem}
h2{font-size:1.25rem;margin:2.4rem 0 .8rem}
h3{font-size:1rem;margin:0}
p{margin:.4rem 0}ol,ul{margin:0;padding-left:1.3rem}li{margin:.3rem 0}
.dim{color:var(--dim);font-size:.9rem}
.where{font-weight:600;overflow-wrap:anywhere;unicode-bidi:isolate}
pre,code{font-family:${mono};font-size:.85rem}
code{overflow-wrap:anywhere;unicode-bidi:isolate}code.whole{white-space:nowrap}
pre{background:var(--code);padding:.6rem .8rem;border-radius:.5rem;margin:.5rem 0;white-space:pre-wrap;overflow-wrap:anywhere}
details{margin:.5rem 0}summary{cursor:pointer;color:var(--dim);font-size:.9rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem;margin:0}
dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}
footer{margin-top:2.5rem;color:var(--dim);font-size:.85rem}`;

const verdict = `
.verdict{display:flex;gap:1.1rem;align-items:flex-start;border-radius:.9rem;padding:1.4rem 1.5rem}
.verdict>.sign{flex:none;width:2.4rem;height:2.4rem;border-radius:50%;border:.16rem solid currentColor;display:grid;place-items:center;font-size:1.2rem;font-weight:700;line-height:1}
.verdict>div{min-width:0}
.verdict p{color:var(--text);font-size:1.1rem;margin:0;overflow-wrap:anywhere}
.verdict .written{font-size:.85rem;margin-top:.6rem}
.good{background:var(--goodbg);color:var(--good)}.attention{background:var(--warnbg);color:var(--warn)}
.bad{background:var(--badbg);color:var(--bad)}.open{background:var(--openbg);color:var(--open)}
.tiles{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:.7rem;margin:1.6rem 0}
.tile,.card{background:var(--card);border:1px solid var(--line);border-radius:.7rem;padding:.9rem 1.1rem}
.tile b{display:block;font-size:1.4rem;font-variant-numeric:tabular-nums;line-height:1.25}
.tile span{color:var(--dim);font-size:.85rem}
.card{margin:.8rem 0}
.group{margin:1.2rem 0}.group>.dim{margin:.1rem 0 .6rem}
ol>li>pre{margin:.3rem 0}
.finding{border-left:.3rem solid var(--warn)}.bad~.finding{border-left-color:var(--bad)}
.head{display:flex;flex-wrap:wrap;gap:.3rem .7rem;align-items:baseline}
.code{font:600 .78rem/1.6 ${mono};padding:.05rem .55rem;border-radius:1rem;background:var(--warnbg);color:var(--warn);overflow-wrap:anywhere}
.bad~.finding .code{background:var(--badbg);color:var(--bad)}
.what{font-weight:600}
.nextcrm h3{margin:1.6rem 0 .4rem}.nextcrm p{margin-bottom:.6rem}
td>div{margin-top:.3rem}
.overview{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr));gap:.8rem;margin:.8rem 0}.overview .card{margin:0;min-width:0}
.overview h2{margin:0 0 .5rem;font-size:1.1rem}.overview dl{grid-template-columns:repeat(2,minmax(0,1fr))}.overview dt{color:var(--text);overflow-wrap:anywhere}.overview li,.overview dl{font-size:.9rem}
.finding .scroll{margin:.6rem 0}.finding .scroll summary{color:var(--text)}.finding .scroll details{margin:0}.finding td,.finding th{padding:.22rem .8rem}`;

const tables = `
.scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:.7rem}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{padding:.42rem .8rem;text-align:left;border-bottom:1px solid var(--line);vertical-align:top}
th:first-child,td:first-child{position:sticky;left:0;background:var(--card)}
tr:last-child>*{border-bottom:0}
tbody th{font-weight:inherit}
thead tr:last-child th{border-bottom:1px solid var(--line)}
thead th{color:var(--dim);font-weight:600;white-space:nowrap}
tfoot td,tfoot th{font-weight:600;border-top:2px solid var(--line)}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
th.n,td.n{text-align:right}
td.zero{color:var(--dim)}
td.alert{color:var(--warn);font-weight:600}
.status{font-weight:600}.status.passed{color:var(--good)}.status.failed{color:var(--bad)}.status.not{color:var(--dim)}`;

const charts = `
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));gap:.8rem}.charts .card{margin:0}
.chart{display:grid;grid-template-columns:minmax(0,11rem) 1fr max-content;gap:.3rem .6rem;align-items:center;font-size:.85rem;margin-top:.6rem}
.chart .name{overflow:hidden;text-overflow:ellipsis;white-space:nowrap;unicode-bidi:isolate}
.track{height:.8rem;background:var(--code);border-radius:.3rem;overflow:hidden;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.bar{display:block;height:100%;background:var(--accent);border-radius:.3rem}
.second .bar{background:var(--accent2)}
.step{display:grid;grid-template-columns:1.3rem minmax(0,1fr) minmax(3rem,14rem) 6rem;gap:.2rem .7rem;align-items:center;padding:.3rem 0}
.step .sign{color:var(--dim)}.step.done .sign{color:var(--good)}.step.stopped .sign{color:var(--bad)}.step.under-way .sign{color:var(--open)}
.step.under-way .title{font-weight:600}.step.to-come{color:var(--dim)}.step.to-come .track{visibility:hidden}.step.stopped .bar{background:var(--bad)}
.step small{display:block;color:var(--dim);font-weight:400;font-size:.85rem;overflow-wrap:anywhere}
.legend{display:flex;flex-wrap:wrap;gap:.1rem 1.4rem;font-size:.85rem;color:var(--dim);margin:.3rem 0 .5rem}
.key::before{content:"";display:inline-block;width:.7rem;height:.7rem;border-radius:.2rem;margin-right:.4rem;background:var(--accent);print-color-adjust:exact;-webkit-print-color-adjust:exact}.key.second::before{background:var(--accent2)}
.plot{position:relative;padding-top:1.3rem}.plot .most{position:absolute;top:0;left:0;font-size:.8rem;color:var(--dim)}
svg{display:block;width:100%;height:8.5rem}
path{fill:none;stroke:var(--line);vector-effect:non-scaling-stroke}path.first{fill:var(--accent);stroke:none;fill-opacity:.85}path.second{fill:var(--accent2);stroke:none;fill-opacity:.85}
.ticks{display:flex;justify-content:space-between;font-size:.8rem;color:var(--dim);margin-top:.2rem}`;

const phone = `
@media (max-width:36rem){main{padding:1rem .7rem 3rem}h1{font-size:1.4rem}.verdict{padding:1.1rem;gap:.8rem}.verdict>.sign{width:1.9rem;height:1.9rem;font-size:1rem}
.tiles{grid-template-columns:repeat(2,minmax(0,1fr))}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5rem}
.chart{grid-template-columns:minmax(0,8rem) 1fr max-content}th,td{padding:.4rem .5rem}
.step{grid-template-columns:1.1rem minmax(0,1fr) max-content}.step .track{grid-column:2/-1;grid-row:2}}`;

const paper = `
@media print{:root{color-scheme:light;--page:#fff;--card:#fff;--text:#000;--dim:#444;--line:#bbb;--code:#f0f0f0;--accent:#2f6feb;--accent2:#8250df;
--good:#11663a;--goodbg:#fff;--warn:#7a4e00;--warnbg:#fff;--bad:#a81f18;--badbg:#fff;--open:#1f53a8;--openbg:#fff}
body{font-size:10.5pt}main{max-width:none;padding:0}.verdict{border:.15rem solid currentColor}
details::details-content{content-visibility:visible;block-size:auto}.overview{display:block}.card,.verdict,tr,.tile{break-inside:avoid}h2,h3{break-after:avoid}.finding{break-inside:auto}
.scroll{overflow:visible}table{font-size:8.5pt}th,td{padding:.2rem .35rem}th:first-child,td:first-child{position:static}}`;

export const style = new Markup(`<style>${colours}${frame}${verdict}${tables}${charts}${phone}${paper}\n</style>`);
