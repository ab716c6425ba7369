/** The part of jstat that is used; the package brings no types. */
declare module 'jstat' {
  const jstat: {
    readonly jStat: {
      readonly normal: {
        cdf(x: number, mean: number, sd: number): number
        inv(p: number, mean: number, sd: number): number
      }
      readonly studentt: {
        cdf(x: number, degrees: number): number
        inv(p: number, degrees: number): number
      }
    }
  }
  export default jstat
}
