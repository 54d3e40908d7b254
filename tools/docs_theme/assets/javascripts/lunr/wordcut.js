// The search loads a dictionary of Thai words by this name. Ours needs none: see min/lunr.th.min.js.
