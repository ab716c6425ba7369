/** What `hashOfMath` comes to in every engine, and for how many arguments. */
export const mathSample = 20_000
export const mathHash = 'fd6549a4'
