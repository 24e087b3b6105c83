package main

import (
	"bufio"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// Opcodes and close codes of RFC 6455, and the contract's code of a lost cursor.
const (
	opContinue = 0x0
	opText     = 0x1
	opBinary   = 0x2
	opClose    = 0x8
	opPing     = 0x9
	opPong     = 0xa

	closeProtocolError = 1002
	closeInvalidText   = 1007
	closeTooBig        = 1009
	closeTooSlow       = 1013
	closeLostCursor    = 4410
)

const (
	closeTimeout = time.Second
	// Of a client that does not read.
	writeTimeout = 10 * time.Second
)

// A closeError ends the connection with a code.
type closeError struct {
	code   uint16
	reason string
}

func (e closeError) Error() string { return e.reason }

// A conn writes whole frames, whoever writes.
type conn struct {
	net.Conn
	reader *bufio.Reader
	mutex  sync.Mutex
	closed bool
}

func (s *server) webSocket(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get("Sec-WebSocket-Key")
	if !strings.EqualFold(r.Header.Get("Upgrade"), "websocket") || key == "" {
		http.Error(w, "this is for WebSocket", http.StatusUpgradeRequired)
		return
	}
	protocol := chosen(r.Header.Get("Sec-WebSocket-Protocol"))
	cursor, err := cursorOf(r.URL.Query().Get("since"))
	if err != nil || protocol == "" {
		http.Error(w, "the subprotocol must be rtbench or rtbench.ids, the cursor a whole number", http.StatusBadRequest)
		return
	}
	raw, buffered, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer raw.Close()
	c := &conn{Conn: raw, reader: buffered.Reader}
	channels := channelsOf(r)
	// Before the answer: whoever has seen it misses nothing from then on.
	backlog, reader, lost := s.hub.subscribe(channels, cursor)
	accept := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	fmt.Fprintf(raw, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Accept: %s\r\nSec-WebSocket-Protocol: %s\r\n\r\n",
		base64.StdEncoding.EncodeToString(accept[:]), protocol)
	if reader == nil {
		c.close(closeLostCursor, fmt.Sprintf("oldest=%d", lost))
		c.readUntilClose()
		return
	}
	defer s.hub.unsubscribe(reader)
	over := make(chan struct{})
	go func() {
		s.receive(c, channels[0])
		close(over)
	}()
	s.deliver(c, reader, backlog, protocol == "rtbench.ids", over)
	<-over
}

func chosen(offered string) string {
	for _, each := range strings.Split(offered, ",") {
		if each = strings.TrimSpace(each); each == "rtbench" || each == "rtbench.ids" {
			return each
		}
	}
	return ""
}

// deliver writes messages until the connection is over.
func (s *server) deliver(c *conn, r *reader, backlog []message, withIDs bool, over <-chan struct{}) {
	write := func(m message) {
		if withIDs {
			c.write(opText, append([]byte(fmt.Sprintf("%d ", m.id)), m.body...))
		} else {
			c.write(opText, m.body)
		}
	}
	for _, m := range backlog {
		write(m)
	}
	idle := time.NewTicker(s.keepAlive)
	defer idle.Stop()
	for {
		select {
		case m, ok := <-r.messages:
			if !ok {
				c.close(closeTooSlow, "too slow")
				return
			}
			write(m)
		case <-idle.C:
			c.write(opPing, nil)
		case <-over:
			return
		}
	}
}

// receive publishes what the client sends, until the connection ends.
func (s *server) receive(c *conn, channel string) {
	var whole []byte
	first := byte(0)
	for {
		fin, opcode, content, err := c.readFrame(maxBodyBytes - len(whole))
		if err == nil && opcode != opPing && opcode != opPong && opcode != opClose {
			if (opcode == opContinue) != (first != 0) {
				err = closeError{closeProtocolError, "a fragment out of place"}
			} else if opcode != opContinue {
				first = opcode
			}
		}
		var wrong closeError
		if errors.As(err, &wrong) {
			c.close(wrong.code, wrong.reason)
			c.readUntilClose()
			return
		}
		if err != nil {
			c.Close()
			return
		}
		switch opcode {
		case opPing:
			c.write(opPong, content)
		case opPong:
		case opClose:
			c.answerClose(content)
			return
		default:
			whole = append(whole, content...)
			if !fin {
				continue
			}
			if first == opText && !utf8.Valid(whole) {
				c.close(closeInvalidText, "not UTF-8")
				c.readUntilClose()
				return
			}
			s.hub.publish(channel, whole)
			whole, first = nil, 0
		}
	}
}

func (c *conn) readFrame(maxBytes int) (fin bool, opcode byte, content []byte, err error) {
	var head [2]byte
	if _, err = io.ReadFull(c.reader, head[:]); err != nil {
		return
	}
	fin, opcode = head[0]&0x80 != 0, head[0]&0x0f
	isControl := opcode >= opClose
	length := uint64(head[1] & 0x7f)
	switch {
	case head[0]&0x70 != 0 || head[1]&0x80 == 0 || opcode > opPong || (opcode > opBinary && !isControl),
		isControl && (!fin || length > 125):
		err = closeError{closeProtocolError, "not a frame that a client may send"}
		return
	case length == 126:
		var more [2]byte
		_, err = io.ReadFull(c.reader, more[:])
		length = uint64(binary.BigEndian.Uint16(more[:]))
	case length == 127:
		var more [8]byte
		_, err = io.ReadFull(c.reader, more[:])
		length = binary.BigEndian.Uint64(more[:])
	}
	if err == nil && !isControl && length > uint64(maxBytes) {
		err = closeError{closeTooBig, "too big"}
	}
	if err != nil {
		return
	}
	var mask [4]byte
	if _, err = io.ReadFull(c.reader, mask[:]); err != nil {
		return
	}
	content = make([]byte, length)
	_, err = io.ReadFull(c.reader, content)
	for i := range content {
		content[i] ^= mask[i%4]
	}
	return
}

// write a whole message as one frame, and in one write.
func (c *conn) write(opcode byte, content []byte) {
	frame := make([]byte, 0, 10+len(content))
	frame = append(frame, 0x80|opcode)
	switch n := len(content); {
	case n < 126:
		frame = append(frame, byte(n))
	case n < 1<<16:
		frame = append(frame, 126, byte(n>>8), byte(n))
	default:
		frame = binary.BigEndian.AppendUint64(append(frame, 127), uint64(n))
	}
	frame = append(frame, content...)
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.closed {
		return
	}
	c.SetWriteDeadline(time.Now().Add(writeTimeout))
	if _, err := c.Write(frame); err != nil {
		c.closed = true
		c.Close()
	}
}

// close says why; nothing is written after it, and the other side has a second to answer.
func (c *conn) close(code uint16, reason string) {
	c.write(opClose, append(binary.BigEndian.AppendUint16(nil, code), reason...))
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.closed = true
	c.SetReadDeadline(time.Now().Add(closeTimeout))
}

func (c *conn) answerClose(content []byte) {
	c.write(opClose, content)
	c.Close()
}

func (c *conn) readUntilClose() {
	c.SetReadDeadline(time.Now().Add(closeTimeout))
	io.Copy(io.Discard, io.LimitReader(c.reader, maxBodyBytes))
}
