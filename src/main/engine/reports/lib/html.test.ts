import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escape, html, plain } from './html.ts';
import { markdown } from './markdown.ts';
import { fold } from './words.ts';

describe('html', () => {
  it('escapes what is not markup of its own', () => {
    expect(html`<p>${'<script>"&\''}${html`<b>${1}</b>`}${['x', null, html`<i>${'>'}</i>`]}</p>`.markup).toBe('<p>&lt;script&gt;&quot;&amp;&#39;<b>1</b>x<i>&gt;</i></p>');
  });
  it('shows what would act, reorder or hide as marks', () => {
    expect(escape('a\u0000b\u001b[31mc\u202ed')).toBe('a<span class="mark">NUL</span>b<span class="mark">ESC[31m</span>c<span class="mark">RLO</span>d');
    expect(plain('a\u0007<')).toBe('a[BEL]<');
    expect(escape('\ud800')).toBe('\ufffd');
  });
});

describe('markdown', () => {
  it('renders what people write', () => {
    expect(markdown('# T\n\n**a** *b* `c<`\n\n3. x\n4. y').markup).toBe('<p class="heading">T</p><p><strong>a</strong> <em>b</em> <code>c&lt;</code></p><ol start="3"><li><p>x</p></li><li><p>y</p></li></ol>');
  });
  it('keeps HTML as text, and addresses as text without a link', () => {
    expect(markdown('<script>alert(1)</script>').markup).toBe('<span class="typed">&lt;script&gt;alert(1)&lt;/script&gt;</span>');
    expect(markdown('[a](javascript:alert(1)) ![b](http://e/x.png) <http://e>').markup).toBe('<p>a <span class="address">(javascript:alert(1))</span> <span class="address">[image b http://e/x.png]</span> http://e</p>');
    expect(markdown('&#x202e;x').markup).toBe('<p><span class="mark">RLO</span>x</p>');
  });
  it('shows huge or deeply nested texts as typed, quickly', () => {
    const started = performance.now();
    expect(markdown('>'.repeat(60_000)).markup).toMatch(/^<p class="typed">/);
    expect(markdown('- '.repeat(30_000)).markup).toMatch(/^<p class="typed">/);
    expect(markdown('a'.repeat(100_000)).markup).toMatch(/^<p class="typed">/);
    markdown('*a **b '.repeat(5_000));
    markdown('['.repeat(20_000));
    expect(performance.now() - started).toBeLessThan(5000);
  });
  it('makes only elements of its own from anything', () => {
    const piece = fc.constantFrom('<', '>', '"', '`', '*', '_', '[', '](', ')', '!', '\n', '> ', '- ', '1. ', '<script>', 'onload=', '&lt;', 'http://x', '\u0000', ' ', 'a', '    ', '```', '<!--', '-->', '<![CDATA[');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const { markup } = markdown(pieces.join(''));
        expect(markup.replace(/<\/?(?:p|ol|ul|li|pre|code|em|strong|blockquote|span|br|hr)(?: class="(?:typed|heading|address|mark)"| start="\d+")?>/g, '')).not.toMatch(/[<>]/);
      }),
    );
  });
});

describe('fold', () => {
  it('cuts between characters and counts what it leaves out', () => {
    expect(fold('äö', 4)).toEqual({ text: 'äö', leftOut: 0 });
    expect(fold('äöü', 5)).toEqual({ text: 'äö', leftOut: 2 });
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 50 }), fc.integer({ min: 1, max: 60 }), (text, max) => {
        const folded = fold(text, max);
        expect(Buffer.byteLength(folded.text)).toBeLessThanOrEqual(max);
        expect(Buffer.byteLength(folded.text) + folded.leftOut).toBe(Buffer.byteLength(text));
        expect(text.startsWith(folded.text)).toBe(true);
      }),
    );
  });
});
