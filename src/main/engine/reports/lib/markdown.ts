/** What people wrote, as Markdown: the same parser as the window's. HTML stays text, nothing is loaded, nothing can be followed. */
import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { html, type Content, type Html } from './html.ts';

/** Longer texts are shown as they were typed: parsing deeply nested marks takes more than linear time. */
const MAX_PARSED = 64 * 1024;
const MAX_DEPTH = 30;

export function markdown(text: string): Html {
  if (text.length > MAX_PARSED || /^[ \t]*(?:[>*+-][ \t]*){30}/m.test(text)) return html`<p class="typed">${text}</p>`;
  return html`${block(fromMarkdown(text), 0)}`;
}

function inside(node: Nodes, depth: number): Content {
  return 'children' in node ? node.children.map((child) => block(child, depth + 1)) : null;
}
function block(node: Nodes, depth: number): Content {
  if (depth > MAX_DEPTH) return 'value' in node ? node.value : '…';
  switch (node.type) {
    case 'root': return inside(node, depth);
    case 'paragraph': return html`<p>${inside(node, depth)}</p>`;
    case 'heading': return html`<p class="heading">${inside(node, depth)}</p>`;
    case 'blockquote': return html`<blockquote>${inside(node, depth)}</blockquote>`;
    case 'list': return node.ordered ? html`<ol start="${Math.max(0, Math.trunc(node.start ?? 1))}">${inside(node, depth)}</ol>` : html`<ul>${inside(node, depth)}</ul>`;
    case 'listItem': return html`<li>${inside(node, depth)}</li>`;
    case 'code': return html`<pre>${node.value}</pre>`;
    case 'inlineCode': return html`<code>${node.value}</code>`;
    case 'emphasis': return html`<em>${inside(node, depth)}</em>`;
    case 'strong': return html`<strong>${inside(node, depth)}</strong>`;
    case 'break': return html`<br>`;
    case 'thematicBreak': return html`<hr>`;
    case 'link': {
      const address = `mailto:${node.url}`.startsWith('mailto:mailto:') ? node.url.slice(7) : node.url;
      const own = node.children.length === 1 && node.children[0].type === 'text' && [node.url, address].includes(node.children[0].value);
      return own ? inside(node, depth) : [inside(node, depth), html` <span class="address">(${node.url})</span>`];
    }
    case 'image': return html`<span class="address">[image ${node.alt ?? ''} ${node.url}]</span>`;
    case 'imageReference': return html`<span class="address">[image ${node.alt ?? node.identifier}]</span>`;
    case 'linkReference': return inside(node, depth);
    case 'definition': return html`<p class="address">[${node.label ?? node.identifier}]: ${node.url}</p>`;
    case 'html': return html`<span class="typed">${node.value}</span>`;
    case 'text': return node.value;
    // Extensions of Markdown that the parser is not asked for.
    default: return 'value' in node ? node.value : inside(node, depth);
  }
}
