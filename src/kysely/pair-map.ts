/** Values by a number and a text. */
export class PairMap<Value> {
  readonly #byNumber = new Map<number, Map<string, Value>>();

  set(number: number, text: string, value: Value): void {
    let byText = this.#byNumber.get(number);
    if (byText === undefined) {
      byText = new Map();
      this.#byNumber.set(number, byText);
    }
    byText.set(text, value);
  }

  get(number: number | undefined, text: string): Value | undefined {
    return number === undefined ? undefined : this.#byNumber.get(number)?.get(text);
  }
}
