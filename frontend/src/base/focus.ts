/** Takes the focus, unless somebody works elsewhere: in another window, or on the page around a preview. */
export function takeFocus(node: HTMLElement | null): void {
  if (document.hasFocus()) node?.focus({ preventScroll: true });
}
