package main

import (
	"os"
	"strings"
)

// setting is the environment variable SAMPLE_<name>, or what stands for it.
func setting(name, otherwise string) string {
	if value, set := os.LookupEnv("SAMPLE_" + name); set {
		return value
	}
	return otherwise
}

func words(text string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Split(text, ",") {
		set[word] = true
	}
	return set
}
