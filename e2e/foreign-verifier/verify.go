// Checks receipts and proofs of consistency by golang.org/x/mod/sumdb, the code of Go's own checksum database, and by nothing of ours.
package main

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func refuse(format string, words ...interface{}) error { return fmt.Errorf(format, words...) }

func hashes(lines []string) ([]tlog.Hash, error) {
	var read []tlog.Hash
	for _, line := range lines {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return nil, err
		}
		read = append(read, hash)
	}
	return read, nil
}

// The head of a log, once one of the verifiers has its signature.
func head(text string, verifiers note.Verifiers) (int64, tlog.Hash, error) {
	opened, err := note.Open([]byte(text), verifiers)
	if err != nil {
		return 0, tlog.Hash{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 {
		return 0, tlog.Hash{}, refuse("a head of %d lines", len(lines))
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return 0, tlog.Hash{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return size, root, err
}

func receipt(text string, verifiers note.Verifiers) error {
	parts := strings.SplitN(text, "\n\n", 2)
	lines := strings.Split(parts[0], "\n")
	if len(parts) != 2 || len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return refuse("no receipt")
	}
	entry, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
	if err != nil {
		return err
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
	if err != nil {
		return err
	}
	proof, err := hashes(lines[3:])
	if err != nil {
		return err
	}
	size, root, err := head(parts[1], verifiers)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(tlog.RecordProof(proof), size, root, index, tlog.RecordHash(entry))
}

func consistency(text string, older string, verifiers note.Verifiers) error {
	parts := strings.SplitN(text, "\n\n", 2)
	lines := strings.Split(parts[0], "\n")
	if len(parts) != 2 {
		return refuse("no proof of consistency")
	}
	proof, err := hashes(lines[1:])
	if err != nil {
		return err
	}
	size, root, err := head(parts[1], verifiers)
	if err != nil {
		return err
	}
	oldSize, oldRoot, err := head(older, verifiers)
	if err != nil {
		return err
	}
	if lines[0] != fmt.Sprintf("old %d", oldSize) {
		return refuse("the proof is from another size on")
	}
	return tlog.CheckTree(tlog.TreeProof(proof), size, root, oldSize, oldRoot)
}

// verify FOLDER KEY: a line for each file, `<name> proven` or `<name> refused`.
func main() {
	verifier, err := note.NewVerifier(os.Args[2])
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	verifiers := note.VerifierList(verifier)
	files, _ := filepath.Glob(filepath.Join(os.Args[1], "*.*"))
	for _, file := range files {
		text, _ := os.ReadFile(file)
		var err error
		switch filepath.Ext(file) {
		case ".tlog-proof":
			err = receipt(string(text), verifiers)
		case ".consistency":
			older, _ := os.ReadFile(strings.TrimSuffix(file, ".consistency"))
			err = consistency(string(text), string(older), verifiers)
		}
		said := "proven"
		if err != nil {
			said = "refused"
		}
		fmt.Printf("%s %s\n", filepath.Base(file), said)
	}
}
