package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"optimus.example/interop/wire"
)

// The handlers read messages within requests unchecked, as plugins in Go do: one that is absent kills the plugin.

var mods = map[string]int32{"cli": 1, "resolver": 2, "unknown": 9}

func (s *services) info(context.Context, *wire.Empty) (*wire.InfoResponse, error) {
	response := &wire.InfoResponse{
		Name: setting("NAME", "sample"), Description: "Written in Go", Version: "0.1.0", Image: "example.io/sample:0.1.0", Type: 1,
	}
	for _, mod := range strings.Split(setting("DECLARES", "cli,resolver"), ",") {
		if number, known := mods[mod]; known {
			response.Mods = append(response.Mods, number)
		}
	}
	if setting("KIND", "task") == "hook" {
		response.Type, response.HookType, response.DependsOn = 2, 2, []string{"other"}
	}
	return response, nil
}

func validate(_ context.Context, request *wire.ValidateRequest) (*wire.ValidateResponse, error) {
	question := request.Answer.Question.Name
	if request.Answer.Value == "" {
		return &wire.ValidateResponse{Error: fmt.Sprintf("%s is empty (dry run: %t)", question, request.Options.DryRun)}, nil
	}
	return &wire.ValidateResponse{Success: true}, nil
}

func defaultConfig(_ context.Context, request *wire.AnswersRequest) (*wire.EntriesResponse, error) {
	entries := &wire.Entries{List: []*wire.Named{{Name: "DRY_RUN", Value: strconv.FormatBool(request.Options.DryRun)}}}
	for _, answer := range request.Answers {
		entries.List = append(entries.List, &wire.Named{Name: answer.Question.Name, Value: answer.Value})
	}
	return &wire.EntriesResponse{Entries: entries}, nil
}

func defaultAssets(_ context.Context, request *wire.AnswersRequest) (*wire.EntriesResponse, error) {
	asset := &wire.Named{Name: "query.sql", Value: fmt.Sprintf("select 1 -- %t", request.Options.DryRun)}
	return &wire.EntriesResponse{Entries: &wire.Entries{List: []*wire.Named{asset}}}, nil
}

func compileAssets(_ context.Context, request *wire.CompileRequest) (*wire.EntriesResponse, error) {
	seen := fmt.Sprintf("truncate %s, size %d, data %d, dry run %t",
		request.Window.TruncateTo, request.Window.Size.Seconds, len(request.InstanceData), request.Options.DryRun)
	return compiled(seen, request.Configs, request.Assets), nil
}

func compileAssetsOfRaystack(_ context.Context, request *wire.RaystackCompileRequest) (*wire.EntriesResponse, error) {
	seen := fmt.Sprintf("from %d to %d", request.StartTime.Seconds, request.EndTime.Seconds)
	for _, datum := range request.InstanceData {
		seen += fmt.Sprintf(", %s %s", datum.Name, datum.Type)
	}
	return compiled(seen, request.Configs, request.Assets), nil
}

// compiled says what a request held; with a configured SIZE it is that many bytes long.
func compiled(seen string, configs, assets *wire.Entries) *wire.EntriesResponse {
	seen += fmt.Sprintf(", assets %d", len(assets.List))
	for _, entry := range configs.List {
		if size, err := strconv.Atoi(entry.Value); entry.Name == "SIZE" && err == nil {
			seen = strings.Repeat("x", size)
		}
	}
	return &wire.EntriesResponse{Entries: &wire.Entries{List: []*wire.Named{{Name: "seen", Value: seen}}}}
}

func getName(context.Context, *wire.Empty) (*wire.NameResponse, error) {
	return &wire.NameResponse{Name: setting("NAME", "sample")}, nil
}

func destination(_ context.Context, request *wire.ResolveRequest) (*wire.DestinationResponse, error) {
	for _, entry := range request.Config.List {
		if entry.Name == "TABLE" {
			return &wire.DestinationResponse{Destination: entry.Value, Type: "bigquery"}, nil
		}
	}
	return &wire.DestinationResponse{}, nil
}

func dependencies(_ context.Context, request *wire.ResolveRequest) (*wire.DependenciesResponse, error) {
	response := &wire.DependenciesResponse{}
	for _, asset := range request.Assets.List {
		response.Dependencies = append(response.Dependencies, fmt.Sprintf("bigquery://%s (dry run: %t)", asset.Name, request.Options.DryRun))
	}
	return response, nil
}
