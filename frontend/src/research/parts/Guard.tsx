import { Component, type ReactNode } from "react";
import { Problem } from "./States";

interface GuardProps {
  children: ReactNode;
}

/** Keeps the rest of the frame usable when a page breaks, and says that it did. */
export class Guard extends Component<GuardProps, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    return (
      <main id="content" className="page">
        <h1>This page has broken</h1>
        <Problem error={this.state.error} retry={() => this.setState({ error: null })} />
      </main>
    );
  }
}
