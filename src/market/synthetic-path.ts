/**
 * The path of a price inside one bar: a chain of legs, each a Brownian walk until it leaves an interval. It is a
 * continuous martingale, so an order filled at any level it touches is a fair bet; only open, high, low and close are kept.
 *
 * A leg from p walks until it first reaches p(1+b) or p(1−a); it leaves above with chance a/(a+b) (gambler's ruin), and a = b
 * makes both as likely. Given that it left above, the lowest point p(1−m) it saw before has P(m ≤ x) = x(a+b)/(a(x+b)) on
 * [0, a], drawn by inversion as m = u·a·b/(a+b−u·a); below alike. Sizes are drawn without looking at the exits, so for *any*
 * law of sizes (fat tails, clustering, falls larger than rises) the walk stays a martingale in price, not in log price: no
 * −σ²/2 to make up for. High and low are those of the walk itself, together with its end, so that stops and targets, single or
 * in brackets, are neither favoured nor punished, except by a rule that decides which came first within a bar that touched both.
 * (A path sampled at points would overshoot a stop that is then booked at the stop: not fair.)
 */

/** No leg moves a price by more: keeps prices above 0, and cuts the two ends of a leg in the same proportion. */
const LARGEST_LEG = 0.5

export class IntrabarPath {
  open = 1
  high = 1
  low = 1
  /** The price now; at the end of the bar, its close. */
  price = 1

  start(open: number): void {
    this.open = open
    this.high = open
    this.low = open
    this.price = open
  }

  /** Walks by the fraction `move`, either sign as likely; `u`, uniform in (0, 1), draws how far it went the other way before. */
  leg(move: number, u: number): void {
    this.skewedLeg(move, Math.abs(move), u)
  }

  /** Walks by the fraction `move`, where the other end of the leg was `other` away (≥ 0) on the other side; `u` as above. */
  skewedLeg(move: number, other: number, u: number): void {
    const size = Math.abs(move)
    const largest = size > other ? size : other
    if (largest === 0) return
    const cut = largest > LARGEST_LEG ? LARGEST_LEG / largest : 1
    const back = (cut * u * other * size) / (other + size - u * other)
    const before = this.price * (1 + (move < 0 ? back : -back))
    this.price *= 1 + cut * move
    this.reach(before)
    this.reach(this.price)
  }

  /** Moves straight by the fraction `move`: a planted effect or a crash, the part that is not a martingale. */
  drift(move: number): void {
    if (move === 0) return
    this.price *= 1 + Math.max(-LARGEST_LEG, Math.min(LARGEST_LEG, move))
    this.reach(this.price)
  }

  private reach(price: number): void {
    if (price > this.high) this.high = price
    if (price < this.low) this.low = price
  }
}
