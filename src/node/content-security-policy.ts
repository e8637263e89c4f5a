/**
 * What the app's page may load: its own files and nothing else, so that nothing can leave the machine. The page says it in
 * itself, for any static host; `endmember open` says it of every file.
 */
export const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  // Views place themselves by style attributes; figures hold their pixels as data addresses.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "frame-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");
