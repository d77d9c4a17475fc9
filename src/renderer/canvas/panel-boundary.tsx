import { Component } from 'react';
import type { ReactNode } from 'react';
import { reportError } from '../state/notices.ts';
import { ErrorState } from '../ui/states.tsx';

interface Props {
  title: string;
  children: ReactNode;
}
/** A panel that fails to draw says so in its box; the rest of the window goes on. */
export class PanelBoundary extends Component<Props, { error: unknown }> {
  override state: { error: unknown } = { error: null };
  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error };
  }
  override componentDidCatch(error: unknown): void {
    reportError(error, `Drawing ${this.props.title}`);
  }
  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    return <ErrorState error={this.state.error} doing={`Drawing ${this.props.title}`} kept="The case is not affected." retry={() => this.setState({ error: null })} />;
  }
}
