import { join } from 'node:path'
import { hintCompilation } from './app/_server/compile-hints.ts'
import { compressFiles } from './app/_server/compressed-files.ts'

/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  typedRoutes: true,
  // The type check is a step of its own (`npm run check`), with the same compiler for every folder.
  typescript: { ignoreBuildErrors: true },
  // Browsers and programs ask for it by themselves; the pages name the icon's own address.
  rewrites: async () => [{ source: '/favicon.ico', destination: '/icon.svg' }],
  serverExternalPackages: ['pg', '@node-rs/argon2'],
  compiler: {
    async runAfterProductionCompile({ distDir }) {
      await hintCompilation(distDir)
      await compressFiles(join(distDir, 'static'))
    },
  },
  turbopack: { resolveAlias: { '../build/polyfills/polyfill-module': './app/no-polyfills.ts' } },
  // A build is made once a version: writing what the next one could reuse costs more than it saves.
  experimental: { turbopackFileSystemCacheForBuild: false },
}
