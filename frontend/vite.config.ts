import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type HtmlTagDescriptor, type Plugin } from "vite";
import { shortened } from "./src/words/short";

const BASE = "/static/app/";
const BACKEND = `http://127.0.0.1:${process.env.AFFECTORY_PORT ?? "8000"}`;

/** Every page at the top of this folder is an entry: a new page is a new `<name>.html`. */
const entries = Object.fromEntries(
  readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith(".html"))
    .map((name) => [name.replace(/\.html$/, ""), `${import.meta.dirname}/${name}`]),
);

const meta = (attrs: Record<string, string>): HtmlTagDescriptor => ({
  tag: "meta",
  attrs,
  injectTo: "head-prepend",
});

/** What each page has beside its title and its script. */
const frame: Plugin = {
  name: "frame",
  transformIndexHtml: () => [
    meta({ charset: "utf-8" }),
    meta({ name: "viewport", content: "width=device-width, initial-scale=1" }),
    meta({ name: "color-scheme", content: "light dark" }),
    { tag: "link", attrs: { rel: "icon", href: "data:," }, injectTo: "head-prepend" },
    { tag: "div", attrs: { id: "root" }, injectTo: "body-prepend" },
    {
      tag: "noscript",
      children: "These pages run in the browser and need JavaScript.",
      injectTo: "body",
    },
  ],
};

/** Catalogues are written by whole English texts, which are in the pages already: they are sent by short names. */
const shortWords: Plugin = {
  name: "short-words",
  enforce: "pre",
  transform: {
    filter: { id: /\/src\/words\/.*\.json$/ },
    handler: (written) => ({ code: JSON.stringify(shortened(JSON.parse(written))), map: null }),
  },
};

/** Beside each file what the server sends to browsers that take it compressed. */
const compressed: Plugin = {
  name: "compressed",
  apply: "build",
  writeBundle({ dir }, bundle) {
    for (const name of Object.keys(bundle).filter((name) => name.startsWith("assets/"))) {
      const path = `${dir}/${name}`;
      const bytes = readFileSync(path);
      writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
      writeFileSync(`${path}.br`, brotliCompressSync(bytes));
    }
  },
};

const RESEARCH_PAGE = /^\/(?:(?:corpora|studies|datasets|erasures|jobs|account)(?:[/?].*)?)?$/;

/** Django answers `/s/<invite code>` with the rater page and the researchers' addresses with theirs; so does this. */
const pagesByAddress: Plugin = {
  name: "pages-by-address",
  configureServer(server) {
    server.middlewares.use((request, _response, next) => {
      const url = request.url ?? "";
      if (url.startsWith("/s/")) request.url = `${BASE}rate.html`;
      else if (url === "/preview") request.url = `${BASE}preview.html`;
      else if (RESEARCH_PAGE.test(url)) request.url = `${BASE}research.html`;
      next();
    });
  },
};

export default defineConfig({
  base: BASE,
  json: { namedExports: false },
  plugins: [react(), frame, pagesByAddress, shortWords, compressed],
  build: {
    manifest: true,
    // A browser that does not know the hint loads the same a little later.
    modulePreload: { polyfill: false },
    sourcemap: false,
    rollupOptions: { input: entries },
  },
  server: {
    // The host stays as the browser knows it: Django compares it with the origin of a request.
    proxy: {
      "/api": { target: BACKEND, changeOrigin: false },
      "/media": { target: BACKEND, changeOrigin: false },
    },
  },
});
