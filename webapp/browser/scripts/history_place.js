// Where this document is in the history of its tab.
return { key: window.navigation?.currentEntry?.key ?? '', length: history.length };
