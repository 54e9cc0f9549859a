import { Component, type ReactNode } from "react";
import { useLocation } from "react-router";
import { CrashPage } from "./CrashPage";

interface Props { readonly at: string; readonly children: ReactNode }
interface State { readonly error: unknown }

class Catcher extends Component<Props, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override componentDidUpdate(before: Props) {
    if (before.at !== this.props.at && this.state.error !== null) this.setState({ error: null });
  }

  override render() {
    return this.state.error === null ? this.props.children : <CrashPage error={this.state.error} />;
  }
}

/** What throws inside is said in its place; another address starts afresh. */
export function Boundary({ children }: { readonly children: ReactNode }) {
  return <Catcher at={useLocation().pathname}>{children}</Catcher>;
}
