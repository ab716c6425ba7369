/** gifenc comes without types; `load.ts` says what is used of it. */
declare module 'gifenc'
