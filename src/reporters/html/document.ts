import { hashOf, readAssets } from './assets.js';
import type { ChartData } from './chart-shape.js';
import { type Content, dataElement, html, Markup } from './markup.js';

export interface DocumentParts {
  readonly title: string;
  readonly body: Content;
  /** What its charts show, by the ids that `chartFigure` gave them. */
  readonly charts: readonly ChartData[];
}

/** A whole page in one file. Its policy forbids the network, and every script but those it was made with. */
export function htmlDocument({ title, body, charts }: DocumentParts): string {
  const { styles, scripts } = readAssets();
  const policy = [
    "default-src 'none'",
    `script-src ${scripts.map(hashOf).join(' ')}`,
    "style-src 'unsafe-inline'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${title}</title>
${styles.map(
  (style) => html`<style>${new Markup(style)}</style>
`,
)}</head>
<body>
${body}
${dataElement('charts', charts)}
${scripts.map(
  (script) => html`<script>${new Markup(script)}</script>
`,
)}</body>
</html>
`;
  return page.toString();
}
