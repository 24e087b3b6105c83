// A compiled server that rtbench can measure as it is: SSE and WebSocket with nothing but Go's own library.
//
//	go run . [-port 8091] [-keep-alive 15s]
//
// It implements docs/server-contract.md.
package main

import (
	"bytes"
	"encoding/base64"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

const maxBodyBytes = 1 << 20

type server struct {
	hub       *hub
	keepAlive time.Duration
}

func main() {
	port := flag.Int("port", 8091, "port on 127.0.0.1; 0: any free one")
	keepAlive := flag.Duration("keep-alive", 15*time.Second, "between two signs of life on an idle connection")
	flag.Parse()
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", *port))
	if err != nil {
		log.Fatal(err)
	}
	s := &server{newHub(), *keepAlive}
	mux := http.NewServeMux()
	mux.HandleFunc("/messages", s.publish)
	mux.HandleFunc("/events", s.stream)
	mux.HandleFunc("/ws", s.webSocket)
	fmt.Printf("http://%s\n", listener.Addr())
	log.Fatal(http.Serve(listener, mux))
}

func (s *server) publish(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		http.Error(w, "publish by POST", http.StatusMethodNotAllowed)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBodyBytes))
	if err != nil {
		http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
		return
	}
	s.hub.publish(channelsOf(r)[0], body)
	w.WriteHeader(http.StatusAccepted)
}

func (s *server) stream(w http.ResponseWriter, r *http.Request) {
	text := r.Header.Get("Last-Event-ID")
	if text == "" {
		text = r.URL.Query().Get("since")
	}
	cursor, err := cursorOf(text)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	backlog, reader, lost := s.hub.subscribe(channelsOf(r), cursor)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-cache")
	if reader == nil {
		fmt.Fprintf(w, "event: gap\ndata: %d\n\n", lost)
		return
	}
	defer s.hub.unsubscribe(reader)
	flusher := w.(http.Flusher)
	for _, m := range backlog {
		w.Write(event(m))
	}
	flusher.Flush()
	idle := time.NewTicker(s.keepAlive)
	defer idle.Stop()
	for {
		select {
		case m, ok := <-reader.messages:
			if !ok {
				return
			}
			if _, err := w.Write(event(m)); err != nil {
				return
			}
			idle.Reset(s.keepAlive)
		case <-idle.C:
			io.WriteString(w, ":\n\n")
		case <-r.Context().Done():
			return
		}
		flusher.Flush()
	}
}

func event(m message) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "id: %d\n", m.id)
	if bytes.IndexByte(m.body, '\r') >= 0 || !utf8.Valid(m.body) {
		fmt.Fprintf(&b, "event: base64\ndata: %s\n\n", base64.StdEncoding.EncodeToString(m.body))
		return b.Bytes()
	}
	for _, line := range bytes.Split(m.body, []byte{'\n'}) {
		b.WriteString("data: ")
		b.Write(line)
		b.WriteByte('\n')
	}
	b.WriteByte('\n')
	return b.Bytes()
}

func channelsOf(r *http.Request) []string {
	if channels := r.URL.Query()["channel"]; len(channels) > 0 {
		return channels
	}
	return []string{"news"}
}

// cursorOf returns -1, from now on, for no text.
func cursorOf(text string) (int64, error) {
	if text == "" {
		return -1, nil
	}
	cursor, err := strconv.ParseInt(text, 10, 64)
	if err != nil || cursor < 0 || strings.HasPrefix(text, "+") {
		return 0, fmt.Errorf("the cursor must be a whole number, got %.40q", text)
	}
	return cursor, nil
}
