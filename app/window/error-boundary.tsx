import { Component, type ReactNode } from "react";

interface Caught {
  readonly error?: Error;
}

/** Where a view fails, the window says so and how to go on, instead of going blank. React knows such boundaries as classes only. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, Caught> {
  override state: Caught = {};

  static getDerivedStateFromError(error: unknown): Caught {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <main className="broken" role="alert">
        <h1>The window made a mistake</h1>
        <p>Your file is untouched: nothing is ever written to it. What was set is kept; reload to go on.</p>
        <pre>{error.message}</pre>
        <button type="button" className="primary" onClick={() => location.reload()}>
          Reload
        </button>
        <button type="button" onClick={() => this.setState({ error: undefined! })}>
          Try again without reloading
        </button>
      </main>
    );
  }
}
