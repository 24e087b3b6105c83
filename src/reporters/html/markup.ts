/** HTML that is safe to put into HTML as it is. Made by `html` alone, so that no text of a report gets in unescaped. */
export class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** What stands in a template: text and numbers are escaped, markup is taken as it is, lists one after the other. */
export type Content = string | number | Markup | readonly Content[];

export const NOTHING = new Markup('');

/** Markup from a template literal. Values are escaped, for element content and for attributes in double quotes. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  let text = parts[0] ?? '';
  for (const [index, value] of values.entries()) text += spell(value) + (parts[index + 1] ?? '');
  return new Markup(text);
}

function spell(content: Content): string {
  if (content instanceof Markup) return content.toString();
  if (typeof content === 'object') return content.map(spell).join('');
  return escapeHtml(String(content));
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** Data for a script of the page, in an element that no text of it can end. */
export function dataElement(id: string, data: unknown): Markup {
  const json = JSON.stringify(data).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028');
  return new Markup(`<script type="application/json" id="${escapeHtml(id)}">${json}</script>`);
}

/** `<ul>`, or nothing where there are no items. */
export function bullets(items: readonly Content[]): Markup {
  return items.length === 0 ? NOTHING : html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}

/** Content below a summary that opens it; nothing where there is no content. */
export function fold(summary: string, content: Content): Markup {
  if (String(spell(content)) === '') return NOTHING;
  return html`<details><summary>${summary}</summary>${content}</details>`;
}

export interface TableColumn {
  readonly title: Content;
  readonly align: 'left' | 'right';
}

/** A table that scrolls by itself where it is wider than the page. The first cell of each line heads it. */
export function table(
  columns: readonly TableColumn[],
  lines: readonly (readonly Content[])[],
  caption: string,
  lineClass: (index: number) => string = () => '',
): Markup {
  const cell = (content: Content, index: number) => {
    const align = columns[index]?.align === 'right' ? 'num' : '';
    return index === 0 ? html`<th scope="row">${content}</th>` : html`<td class="${align}">${content}</td>`;
  };
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table>
<thead><tr>${columns.map(({ title, align }) => html`<th scope="col" class="${align === 'right' ? 'num' : ''}">${title}</th>`)}</tr></thead>
<tbody>${lines.map(
    (line, index) => html`<tr class="${lineClass(index)}">${line.map(cell)}</tr>
`,
  )}</tbody></table></div>`;
}
