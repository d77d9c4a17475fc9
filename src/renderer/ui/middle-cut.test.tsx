// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { MiddleCut } from './middle-cut.tsx';

afterEach(cleanup);

describe('a name cut in the middle', () => {
  it('keeps the end apart, reads and is found as one', () => {
    render(<button type="button"><MiddleCut text="checkout-service-production-2026-11-20.log" /></button>);
    const button = screen.getByRole('button', { name: 'checkout-service-production-2026-11-20.log' });
    const [head, tail] = button.querySelectorAll('[aria-hidden]');
    expect(`${head.textContent}|${tail.textContent}`).toBe('checkout-service-production-|2026-11-20.log');
    expect(screen.getByText('checkout-service-production-2026-11-20.log')).toBeTruthy();
    expect(screen.getByTitle('checkout-service-production-2026-11-20.log')).toBeTruthy();
  });
  it('leaves short names whole, and splits no character', () => {
    const { container, rerender } = render(<MiddleCut text="api.json" title="/var/log/api.json" />);
    expect(container.textContent).toBe('api.json');
    expect(screen.getByTitle('/var/log/api.json')).toBeTruthy();
    rerender(<MiddleCut text={`${'a'.repeat(20)}${'🜁'.repeat(20)}`} />);
    const [head, tail] = container.querySelectorAll('[aria-hidden]');
    expect(`${head.textContent}${tail.textContent}`).toBe(`${'a'.repeat(20)}${'🜁'.repeat(20)}`);
    expect(tail.textContent).toBe('🜁'.repeat(14));
  });
  it('shows what would reorder it', () => {
    const { container } = render(<MiddleCut text={'invoice-2026-11-20-\u202egol.exe'} />);
    expect(container.querySelector('[aria-hidden]:nth-child(2)')?.textContent).not.toContain('\u202e');
  });
});
