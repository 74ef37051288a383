const h=await import('./harness.mjs'); const {default:run}=await import('./.tmp-pages.mjs'); await run(); await h.close(); h.summary();
