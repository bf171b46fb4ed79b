// What Streamlit passes to a component's `mount`, as far as the scripts use it.

export interface Component {
  /** Where the component's HTML is. */
  parentElement: HTMLElement;
  /** The message from Python. */
  data: Uint8Array;
  /** Send a value to Python once. */
  setTriggerValue(name: string, value: unknown): void;
}
