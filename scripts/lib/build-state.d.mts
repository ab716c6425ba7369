export const builtFolders: readonly string[]
export function stampOf(root: string): string
export function neverBuilt(root: string): boolean
export function buildStale(root: string): boolean
