/** Where the page of a watched run is served, unless another port is named. */
export const defaultPort = 9466
