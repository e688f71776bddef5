const yearSeconds = 31_536_000

/** Where browsers report what a policy prevented. */
export const cspReportPath = '/csp-reports'

type Site = { https: boolean }

/** The headers of every answer, for one that is no page of ours: a file, JSON, an error. By itself it may do nothing. */
export function headersOfNoPage({ https }: Site): Record<string, string> {
  return {
    ...(https && { 'Strict-Transport-Security': `max-age=${2 * yearSeconds}; includeSubDomains` }),
    'Reporting-Endpoints': `csp="${cspReportPath}"`,
    'Content-Security-Policy':
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'same-origin',
    'Permissions-Policy':
      'accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=()',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  }
}

/**
 * The Content-Security-Policy of a page: its own files, and the inline code that carries this answer's nonce
 * (docs/decisions/008-pages-of-the-browser.md).
 * @param mode `development` allows what Next's development server needs: eval, and styles without a nonce.
 */
export function contentSecurityPolicy({
  nonce,
  https,
  mode,
}: Site & { nonce: string; mode: 'production' | 'development' }): string {
  const dev = mode === 'development'
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${dev ? " 'unsafe-eval'" : ''}`,
    `style-src 'self' ${dev ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    ...(https ? ['upgrade-insecure-requests'] : []),
    // The older and the newer way: no browser has both.
    `report-uri ${cspReportPath}`,
    'report-to csp',
  ].join('; ')
}
