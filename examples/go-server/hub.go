package main

import "sync"

const (
	historyMessages = 1000
	// Messages that may wait for one reader before it is ended for being too slow.
	waitingMessages = 4096
)

type message struct {
	id      int64
	channel string
	body    []byte
}

// A hub is a log with cursors: one counter of ids over all channels, and a bounded history.
type hub struct {
	mutex   sync.Mutex
	lastID  int64
	history []message // the oldest first
	readers map[string]map[*reader]struct{}
}

// A reader gets the messages of its channels in the order of their ids.
type reader struct {
	channels []string
	// Closed when the reader is too slow for what waits in it.
	messages chan message
}

func newHub() *hub {
	return &hub{readers: map[string]map[*reader]struct{}{}}
}

func (h *hub) publish(channel string, body []byte) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.lastID++
	m := message{h.lastID, channel, body}
	h.history = append(h.history, m)
	if len(h.history) > historyMessages {
		// A copy now and then, so that what is no longer kept can be freed.
		if cap(h.history) > 4*historyMessages {
			h.history = append(make([]message, 0, 2*historyMessages), h.history[1:]...)
		} else {
			h.history = h.history[1:]
		}
	}
	for r := range h.readers[channel] {
		select {
		case r.messages <- m:
		default:
			h.remove(r)
			close(r.messages)
		}
	}
}

// oldestID of the messages that are kept. The mutex is held.
func (h *hub) oldestID() int64 {
	return h.lastID - int64(len(h.history)) + 1
}

// subscribe returns what came after the cursor, and a reader of what comes from then on: nothing is between the two. A
// cursor below 0 is "from now". lost is the oldest id where the cursor is older than the history, and else 0.
func (h *hub) subscribe(channels []string, cursor int64) (backlog []message, r *reader, lost int64) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if cursor >= 0 && cursor < h.oldestID()-1 {
		return nil, nil, h.oldestID()
	}
	if cursor >= 0 {
		for _, m := range h.history {
			if m.id > cursor && contains(channels, m.channel) {
				backlog = append(backlog, m)
			}
		}
	}
	r = &reader{channels, make(chan message, waitingMessages)}
	for _, channel := range channels {
		if h.readers[channel] == nil {
			h.readers[channel] = map[*reader]struct{}{}
		}
		h.readers[channel][r] = struct{}{}
	}
	return backlog, r, 0
}

func (h *hub) unsubscribe(r *reader) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.remove(r)
}

// remove a reader; no channel is kept for nobody. The mutex is held.
func (h *hub) remove(r *reader) {
	for _, channel := range r.channels {
		delete(h.readers[channel], r)
		if len(h.readers[channel]) == 0 {
			delete(h.readers, channel)
		}
	}
}

func contains(list []string, text string) bool {
	for _, each := range list {
		if each == text {
			return true
		}
	}
	return false
}
