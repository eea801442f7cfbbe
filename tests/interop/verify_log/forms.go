package main

import (
	"encoding/base64"
	"errors"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"
)

// decode reads base64 in its one form; Go's own reader also takes others.
func decode(text string) ([]byte, error) {
	data, err := base64.StdEncoding.DecodeString(text)
	if err == nil && base64.StdEncoding.EncodeToString(data) != text {
		err = errors.New("base64 is not in its one form")
	}
	return data, err
}

func decodeHash(text string) (hash tlog.Hash, err error) {
	data, err := decode(text)
	if err != nil || len(data) != len(hash) {
		return hash, errors.New("a hash has not 32 bytes in base64")
	}
	copy(hash[:], data)
	return hash, nil
}

// decodeNumber reads a decimal number in its one form, at most 2^53 - 1.
func decodeNumber(text string) (int64, error) {
	number, err := strconv.ParseInt(text, 10, 64)
	if err != nil || number < 0 || number >= 1<<53 || strconv.FormatInt(number, 10) != text {
		return 0, errors.New("a number is not in its one form")
	}
	return number, nil
}
