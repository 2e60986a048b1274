package explorer

// body is the page; the words in braces are filled in by Page.
const body = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{policy}}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>pathfinder: {{title}}</title>
<style>{{style}}</style>
</head>
<body>
<header>
<h1>{{title}}</h1>
<span class="muted">{{taken}}</span>
{{gaps}}
</header>
<aside aria-label="Search, questions and filters">
<label for="search">Search <kbd>/</kbd></label>
<input id="search" type="search" autocomplete="off" placeholder="a principal or resource" aria-controls="hits">
<ul id="hits" role="listbox" aria-label="Found"></ul>
<h3>Ask</h3>
<form id="ask">
<label>Question <select name="type">
<option value="who-can">who can reach a resource or become a role</option>
<option value="can">what can a principal reach</option>
<option value="paths">which paths lead from one to the other</option>
</select></label>
<label id="principal-row">Principal <input name="principal" autocomplete="off" placeholder="name or ARN"></label>
<label id="resource-row">Resource or role <input name="resource" autocomplete="off" placeholder="name or ARN"></label>
<label>Action <input name="action" autocomplete="off" placeholder="any, or s3:GetObject"></label>
<button id="go">Ask</button>
</form>
<h3>Show</h3>
<div id="kinds"></div>
<label>Account <select id="f-account"></select></label>
<label>Action <input id="f-action" autocomplete="off" placeholder="part of a name"></label>
<label>Condition <select id="f-condition">
<option value="">with or without</option><option value="with">only under a condition</option><option value="without">only without</option>
</select></label>
<div class="row"><button id="all" type="button">Show all</button><button id="export" type="button">Save as SVG</button></div>
<p class="muted">Thin arrows hold under a condition only. A dashed frame is outside the snapshot.</p>
<details class="muted"><summary>Licences</summary><pre>{{licenses}}</pre></details>
</aside>
<main><div id="canvas" role="img" aria-label="The graph; its nodes can be found by the search, and their arrows are listed in the panel"></div></main>
<section id="panel" aria-live="polite" aria-label="What is chosen"></section>
<footer id="said" role="status"></footer>
<noscript>This page draws with a script that it holds itself.</noscript>
<script type="application/json" id="data">{{data}}</script>
<script type="module">{{script}}</script>
</body>
</html>
`
