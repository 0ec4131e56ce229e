package graph

import (
	"container/list"
	"sync"
)

// Bounds of the document cache. A parsed document takes some hundred times the
// memory of its text.
const (
	maxCachedDocuments     = 1000
	maxCachedText          = 1 << 20 // bytes of all cached documents' texts together
	maxCachedDocumentBytes = 64 << 10
)

// documentCache keeps the documents that were used last, by their text.
type documentCache struct {
	mu     sync.Mutex
	byText map[string]*list.Element
	recent list.List // of *document, the one used last in front
	bytes  int
}

func newDocumentCache() *documentCache {
	return &documentCache{byText: map[string]*list.Element{}}
}

// get gives the document with this text, nil if it is not kept.
func (c *documentCache) get(text string) *document {
	c.mu.Lock()
	defer c.mu.Unlock()
	element, kept := c.byText[text]
	if !kept {
		return nil
	}
	c.recent.MoveToFront(element)
	known, _ := element.Value.(*document)
	return known
}

// add keeps a document and lets go of those used least recently.
func (c *documentCache) add(d *document) {
	if len(d.text) > maxCachedDocumentBytes {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, kept := c.byText[d.text]; kept {
		return
	}
	c.byText[d.text] = c.recent.PushFront(d)
	c.bytes += len(d.text)
	for c.bytes > maxCachedText || c.recent.Len() > maxCachedDocuments {
		oldest, _ := c.recent.Remove(c.recent.Back()).(*document)
		delete(c.byText, oldest.text)
		c.bytes -= len(oldest.text)
	}
}
