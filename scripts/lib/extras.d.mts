/** Where a program is: its name on the path, else its file in the folder of extras; undefined where it is in neither. */
export function programOf(name: string): string | undefined
