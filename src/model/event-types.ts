/** What may follow a method's name in `after`, `at`, `every` and `ask`: the payload that the method takes, and no other. */

/**
 * An agent or model by its fields and methods, each with its own type. Within a class `this` is a type still open, of which TypeScript
 * knows no method's parameter; taken apart like this it is known. Everything fits it, so that it only infers.
 */
export type Seen<T> = object | { [K in keyof T]: T[K] }

/**
 * The payload of an event, as the method's one parameter types it, and its priority. A method without a parameter takes no payload; one
 * with a parameter is called with `undefined` where the payload is left out.
 */
export type EventArguments<F> = F extends (payload: infer P) => void
  ? [payload?: (Parameters<F> extends [] ? undefined : P) | undefined, priority?: number]
  : [notAMethodOfOnePayload: never]

/** The name of a method that can take an answer: one with no parameter, or with one. */
export type Answerable<T, K> = K extends keyof T ? (T[K] extends (answer: never) => void ? K : never) : never
