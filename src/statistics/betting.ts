/**
 * Watching without an end: tests that may be looked at after every observation, and stopped at any, without their
 * chance of a false alarm growing. A player bets against "all is as promised" with play money; while it is true, no
 * strategy can expect to win, so the chance of ever having 1/d times the stake is at most d (Ville 1939).
 */
import { bisect, logFactorial } from './binomial.ts';

/**
 * Observations after which about half of the stake is in play. What has not been played yet is kept for what begins
 * late: a player who had everything in play from the start would have lost it by the time things change.
 */
const PATIENCE = 100;
/** Wealth beyond which only the alarm matters. */
const WEALTH_MAX = 1e200;

/**
 * A player with several strategies, each beginning anew at every observation with a part of the stake that was held
 * back (the prior of Shiryaev 1963, with a heavy tail; compare the e-detectors of Shin, Ramdas and Rinaldo 2022,
 * arXiv:2203.03532). A sum of fair games is a fair game, so Ville's bound holds for their total.
 */
export class BettingGame {
  readonly #wealths: Float64Array;
  #heldBack = 1;
  #observations = 0;

  constructor(strategies: number) {
    this.#wealths = new Float64Array(strategies);
  }

  /** @param factors what each strategy's wealth is multiplied by; fair: each is 1 on average, or less, and never below 0 */
  play(factors: readonly number[]): void {
    if (factors.length === 0) return;
    this.#observations += 1;
    const played = this.#heldBack / (this.#observations + PATIENCE);
    this.#heldBack -= played;
    factors.forEach((factor, i) => {
      const stake = (this.#wealths[i] as number) + played / factors.length;
      this.#wealths[i] = Math.min(stake * factor, WEALTH_MAX);
    });
  }

  /** What one unit has become. At or above 1/d: an alarm that is false with a chance of at most d, however long it runs. */
  get wealth(): number {
    return this.#wealths.reduce((sum, wealth) => sum + wealth, this.#heldBack);
  }
}

/** How many times the promised error is bet on: small excesses take long to show, large ones should not. */
const EXCESSES = [1.5, 2, 3, 5, 10];
const BET_SHARE_MAX = 0.9;

/**
 * Watches whether the share of wrong ones keeps to a bound, one outcome at a time (testing by betting: Waudby-Smith and
 * Ramdas 2023, "Estimating means of bounded random variables by betting", arXiv:2010.09686). "Kept" means that each
 * next outcome is wrong with a chance of at most `errorMax`, whatever came before.
 */
export class ErrorWatch {
  readonly #game: BettingGame;
  readonly #right: readonly number[];
  readonly #wrong: readonly number[];

  constructor(errorMax: number) {
    const errors = [...new Set(EXCESSES.map((excess) => Math.min(excess * errorMax, BET_SHARE_MAX)))];
    const above = errors.filter((error) => error > errorMax);
    // Likelihood ratios: a bet of (error − errorMax) / (errorMax · (1 − errorMax)) on every outcome.
    this.#wrong = above.map((error) => error / errorMax);
    this.#right = above.map((error) => (1 - error) / (1 - errorMax));
    this.#game = new BettingGame(above.length);
  }

  observe(wrong: boolean): void {
    this.#game.play(wrong ? this.#wrong : this.#right);
  }

  get wealth(): number {
    return this.#game.wealth;
  }
}

/** Bounds of a share, 0 to 1. */
export interface ShareBounds {
  readonly low: number;
  readonly high: number;
}

/**
 * Bounds of the share of wrong ones that hold at all times at once, with a chance of at least 1 − `doubt`: a
 * confidence sequence (Robbins 1970), here by the player who mixes all constant bets by Jeffreys' prior, which is
 * Krichevsky and Trofimov's (see arXiv:2010.09686, section 4 and appendix, for its place among betting strategies).
 */
export function boundsAtAnyTime(wrong: number, total: number, doubt: number): ShareBounds {
  if (total === 0) return { low: 0, high: 1 };
  const right = total - wrong;
  const mixture = logJeffreys(wrong) + logJeffreys(right) - logFactorial(total);
  // What the player has won against the claim that the share is this.
  const isTenable = (share: number): boolean =>
    mixture - wrong * logOf(share) - right * logOf(1 - share) < -Math.log(doubt);
  const seen = wrong / total;
  return {
    low: wrong === 0 ? 0 : bisect(0, seen, (share) => !isTenable(share)).low,
    high: right === 0 ? 1 : bisect(seen, 1, isTenable).high,
  };
}

const logOf = (share: number): number => (share <= 0 ? -Number.MAX_VALUE : Math.log(share));

/** log of Γ(n + ½) / Γ(½), by the duplication formula: (2n)! / (4ⁿ n!). */
const logJeffreys = (n: number): number => logFactorial(2 * n) - n * Math.log(4) - logFactorial(n);
