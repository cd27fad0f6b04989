/** Counts how often others have their turn while something works: for tests of long work that lets them. */
export class TurnCounter {
  turns = 0;
  #isOver = false;

  constructor() {
    const turn = (): void => {
      this.turns++;
      if (!this.#isOver) setImmediate(turn);
    };
    setImmediate(turn);
  }

  stop(): void {
    this.#isOver = true;
  }
}
