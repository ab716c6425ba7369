/** A note in a type, for the compiler alone. */

/** What is known of something in its type alone: nothing holds it at run time. */
export declare abstract class Holds<T> {
  protected static readonly held: unique symbol
  readonly [Holds.held]?: T
}
