/** A dialog over the page. What it is made of is loaded when the page stands: no page begins with one. */
import { lazy, Suspense, useRef, type ReactNode } from 'react';

export interface DialogProps {
  title: string;
  open: boolean;
  close: () => void;
  children: ReactNode;
  wide?: boolean;
}

const load = async () => ({ default: (await import('./dialog-shown')).DialogShown });
const Shown = lazy(load);

/** Loads it ahead. */
export function loadDialogs(): void {
  // Should it fail, it is loaded anew when one opens, and told there.
  load().catch(() => undefined);
}

export function Dialog(dialog: DialogProps) {
  const opened = useRef(false);
  opened.current ||= dialog.open;
  return opened.current ? <Suspense fallback={null}><Shown {...dialog} /></Suspense> : null;
}
