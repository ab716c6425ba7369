/** Named fault points: `fault('storage.commit')` does nothing until a test arms it. They belong in the code as it is written. */

type Trip = (name: string) => void

let armed: Trip | undefined

/** A place where the outside world can fail. Costs one comparison when nothing is armed. */
export function fault(name: string): void {
  if (armed !== undefined) armed(name)
}

/** Arms every fault point with one function, which throws where it wants a failure. Returns the undo. */
export function armFaults(trip: Trip): () => void {
  armed = trip
  return () => {
    armed = undefined
  }
}
