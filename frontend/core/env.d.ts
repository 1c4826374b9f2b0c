// Parts of a catalogue, cut by the build (build/catalogues.ts).
declare module '*.json?pseudo' {
  const texts: Record<string, string>
  export default texts
}
declare module '*.json?first' {
  const texts: Record<string, string>
  export default texts
}
declare module '*.json?rest' {
  const texts: Record<string, string>
  export default texts
}
declare module '*.json?pseudo-first' {
  const texts: Record<string, string>
  export default texts
}
declare module '*.json?pseudo-rest' {
  const texts: Record<string, string>
  export default texts
}
