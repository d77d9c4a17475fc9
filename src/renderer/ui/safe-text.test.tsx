// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { splitUnsafe } from './safe-text-parts.ts';
import { SafeText } from './safe-text.tsx';

afterEach(cleanup);

describe('SafeText', () => {
  it('shows markup as text', () => {
    const { container } = render(<SafeText text={'<script>alert(1)</script><img src=x onerror=alert(1)>'} />);
    expect(container.textContent).toBe('<script>alert(1)</script><img src=x onerror=alert(1)>');
    expect(container.querySelector('script,img')).toBeNull();
  });
  it('shows escapes, control characters and bidirectional overrides as marks', () => {
    const { container } = render(<SafeText text={'a\u001b[31mred\u0000\u202Egpj.exe'} />);
    expect(container.textContent).toBe('aESC[31mredNULRLOgpj.exe');
    expect(container.textContent).not.toMatch(/[\u0000\u001b\u202e]/);
  });
  it('folds long text and shows all on demand', () => {
    const { container } = render(<SafeText text={'x'.repeat(5000)} fold={100} />);
    expect(container.textContent?.match(/x/g)).toHaveLength(100);
    fireEvent.click(screen.getByRole('button', { name: 'show all 5,000 characters' }));
    expect(container.textContent?.match(/x/g)).toHaveLength(5000);
  });
  it('never draws more than it can, and says what is left out', () => {
    const { container } = render(<SafeText text={'x'.repeat(300_000)} />);
    fireEvent.click(screen.getByRole('button'));
    expect(container.textContent?.match(/x/g)).toHaveLength(200_000);
    expect(screen.getByRole('button').textContent).toContain('100,000 more characters');
  });
  it('marks hits, also beside marks', () => {
    const { container } = render(<SafeText text={'time out\u0000 now'} hits={[{ from: 5, to: 9 }]} />);
    expect([...container.querySelectorAll('mark')].map((mark) => mark.textContent)).toEqual(['outNUL']);
  });
});

describe('splitUnsafe', () => {
  it('keeps every harmless character in order and lets no harmful one through', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      const plain = splitUnsafe(text).filter((part) => part.kind === 'text').map((part) => part.text).join('');
      expect(plain).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    }));
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', 'Z', '9', ' ', '\n', '\t', 'é', '界', '🌊') }), (text) => {
      expect(splitUnsafe(text).map((part) => part.text).join('')).toBe(text);
    }));
  });
});
