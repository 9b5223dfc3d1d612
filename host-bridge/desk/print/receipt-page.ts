/** The page behind a receipt's QR code: what it proves, for whoever holds the paper, without a login and without a script. */
import { createHash } from 'node:crypto';
import type { ReceiptFacts } from '../register/receipt-check';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string): string => text.replace(/[&<>"']/g, (one) => ESCAPES[one]!);

const RESULTS = { stamped: '已盖章 · stamped', failed: '未盖上 · not stamped', unknown: '未知 · unknown', pending: '未完成 · pending' } as const;

const STYLE = 'body{font:16px/1.6 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b}h1{font-size:1.4rem}table{border-collapse:collapse;width:100%}th,td{border-bottom:1px solid #ddd;padding:.4rem .5rem;text-align:left;vertical-align:top;word-break:break-all}th{width:11rem;font-weight:600;word-break:normal}img{width:10rem;height:10rem}.note{color:#555;font-size:.9rem}';

/** Headers of the page: it shows itself, and loads nothing but its QR code; no style but its own, by its hash. */
export const PAGE_HEADERS = {
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
  'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cache-control': 'no-store',
};

/**
 * @param time writes Unix seconds as people of the company do
 * @param code whether there is a QR code of this page: the desk knows where strangers reach it
 */
export function receiptPage(id: string, facts: ReceiptFacts, time: (seconds: number) => string, code: boolean): string {
  const rows: [string, string][] = [
    ['印章 Seal', facts.seal.name],
    ['用印时间 Time', facts.time === null ? '设备当时没有可信时间 · the device had no trusted time' : time(facts.time)],
    ['结果 Result', RESULTS[facts.result]],
    ['文件 SHA-256 Document', facts.document ?? '—'],
    ['盖章前照片 Photo before', facts.before ?? '—'],
    ['盖章后照片 Photo after', facts.after ?? '—'],
    ['设备 Device', `${facts.device}，记录 record ${facts.intent}`],
    ['许可 Permit', facts.permit],
    ['登记簿 Register', `${facts.register}，${facts.size}`],
  ];
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>用印凭证 · Receipt</title>
<style>${STYLE}</style></head>
<body><main><h1>用印凭证 · Receipt of a seal use</h1>
<table>${rows.map(([name, value]) => `<tr><th scope="row">${escape(name)}</th><td>${escape(value)}</td></tr>`).join('')}</table>
${code ? `<p><img src="/v1/receipts/${id}/qr.svg" alt="二维码 QR code"></p>
` : ''}<p><a href="/v1/receipts/${id}" download="receipt.json">下载凭证 · Download the receipt</a></p>
<p class="note">离线核验：smartseal verify receipt.json --key &lt;登记簿公钥&gt; --document &lt;文件&gt;。请从可信渠道取得公钥。<br>To check it without this page: smartseal verify receipt.json --key &lt;public key of the register&gt; --document &lt;file&gt;. Get the key from where you trust it.</p>
</main></body></html>
`;
}
