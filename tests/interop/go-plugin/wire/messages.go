// Package wire holds the messages and names of the Optimus plugin protocol, written by hand: the structs carry the field
// numbers in their tags, so that the same source builds against every generation of Go's protobuf library.
package wire

// XXX_NoUnkeyedLiteral makes a struct a message. Its name is one that the libraries before 1.4 pass over; they refuse any
// other field without a tag.
type XXX_NoUnkeyedLiteral struct{}

func (*XXX_NoUnkeyedLiteral) Reset()         {}
func (*XXX_NoUnkeyedLiteral) String() string { return "" }
func (*XXX_NoUnkeyedLiteral) ProtoMessage()  {}

type Empty struct {
	XXX_NoUnkeyedLiteral
}

type Options struct {
	XXX_NoUnkeyedLiteral
	DryRun bool `protobuf:"varint,1,opt,name=dry_run,json=dryRun,proto3"`
}

type InfoResponse struct {
	XXX_NoUnkeyedLiteral
	Name        string   `protobuf:"bytes,1,opt,name=name,proto3"`
	Description string   `protobuf:"bytes,2,opt,name=description,proto3"`
	Type        int32    `protobuf:"varint,3,opt,name=plugin_type,json=pluginType,proto3"`
	Mods        []int32  `protobuf:"varint,4,rep,packed,name=plugin_mods,json=pluginMods,proto3"`
	Version     string   `protobuf:"bytes,5,opt,name=plugin_version,json=pluginVersion,proto3"`
	Image       string   `protobuf:"bytes,10,opt,name=image,proto3"`
	DependsOn   []string `protobuf:"bytes,20,rep,name=depends_on,json=dependsOn,proto3"`
	HookType    int32    `protobuf:"varint,21,opt,name=hook_type,json=hookType,proto3"`
	SecretPath  string   `protobuf:"bytes,30,opt,name=secret_path,json=secretPath,proto3"`
}

type NameResponse struct {
	XXX_NoUnkeyedLiteral
	Name string `protobuf:"bytes,1,opt,name=name,proto3"`
}

type Question struct {
	XXX_NoUnkeyedLiteral
	Name         string         `protobuf:"bytes,1,opt,name=name,proto3"`
	Prompt       string         `protobuf:"bytes,2,opt,name=prompt,proto3"`
	Help         string         `protobuf:"bytes,3,opt,name=help,proto3"`
	Default      string         `protobuf:"bytes,4,opt,name=default,proto3"`
	Multiselect  []string       `protobuf:"bytes,5,rep,name=multiselect,proto3"`
	SubQuestions []*SubQuestion `protobuf:"bytes,6,rep,name=sub_questions,json=subQuestions,proto3"`
}

type SubQuestion struct {
	XXX_NoUnkeyedLiteral
	IfValue   string      `protobuf:"bytes,1,opt,name=if_value,json=ifValue,proto3"`
	Questions []*Question `protobuf:"bytes,2,rep,name=questions,proto3"`
}

type Answer struct {
	XXX_NoUnkeyedLiteral
	Question *Question `protobuf:"bytes,1,opt,name=question,proto3"`
	Value    string    `protobuf:"bytes,2,opt,name=value,proto3"`
}

type QuestionsRequest struct {
	XXX_NoUnkeyedLiteral
	JobName string   `protobuf:"bytes,1,opt,name=job_name,json=jobName,proto3"`
	Options *Options `protobuf:"bytes,40,opt,name=options,proto3"`
}

type QuestionsResponse struct {
	XXX_NoUnkeyedLiteral
	Questions []*Question `protobuf:"bytes,1,rep,name=questions,proto3"`
}

type ValidateRequest struct {
	XXX_NoUnkeyedLiteral
	Answer  *Answer  `protobuf:"bytes,1,opt,name=answer,proto3"`
	Options *Options `protobuf:"bytes,40,opt,name=options,proto3"`
}

type ValidateResponse struct {
	XXX_NoUnkeyedLiteral
	Success bool   `protobuf:"varint,1,opt,name=success,proto3"`
	Error   string `protobuf:"bytes,2,opt,name=error,proto3"`
}

// Named is one entry of a configuration, or one asset.
type Named struct {
	XXX_NoUnkeyedLiteral
	Name  string `protobuf:"bytes,1,opt,name=name,proto3"`
	Value string `protobuf:"bytes,2,opt,name=value,proto3"`
}

// Entries is a configuration, or the assets of a job.
type Entries struct {
	XXX_NoUnkeyedLiteral
	List []*Named `protobuf:"bytes,1,rep,name=list,proto3"`
}

type AnswersRequest struct {
	XXX_NoUnkeyedLiteral
	Answers []*Answer `protobuf:"bytes,1,rep,name=answers,proto3"`
	Options *Options  `protobuf:"bytes,40,opt,name=options,proto3"`
}

// EntriesResponse answers DefaultConfig, DefaultAssets and CompileAssets.
type EntriesResponse struct {
	XXX_NoUnkeyedLiteral
	Entries *Entries `protobuf:"bytes,1,opt,name=entries,proto3"`
}

type Duration struct {
	XXX_NoUnkeyedLiteral
	Seconds int64 `protobuf:"varint,1,opt,name=seconds,proto3"`
	Nanos   int32 `protobuf:"varint,2,opt,name=nanos,proto3"`
}

type Window struct {
	XXX_NoUnkeyedLiteral
	Size       *Duration `protobuf:"bytes,1,opt,name=size,proto3"`
	Offset     *Duration `protobuf:"bytes,2,opt,name=offset,proto3"`
	TruncateTo string    `protobuf:"bytes,3,opt,name=truncate_to,json=truncateTo,proto3"`
}

type InstanceDatum struct {
	XXX_NoUnkeyedLiteral
	Name  string `protobuf:"bytes,1,opt,name=name,proto3"`
	Value string `protobuf:"bytes,2,opt,name=value,proto3"`
	Type  int32  `protobuf:"varint,5,opt,name=type,proto3"`
}

type CompileRequest struct {
	XXX_NoUnkeyedLiteral
	Configs      *Entries         `protobuf:"bytes,1,opt,name=configs,proto3"`
	Assets       *Entries         `protobuf:"bytes,2,opt,name=assets,proto3"`
	Window       *Window          `protobuf:"bytes,3,opt,name=window,proto3"`
	Schedule     *Duration        `protobuf:"bytes,4,opt,name=instance_schedule,json=instanceSchedule,proto3"`
	InstanceData []*InstanceDatum `protobuf:"bytes,5,rep,name=instance_data,json=instanceData,proto3"`
	StartTime    *Duration        `protobuf:"bytes,6,opt,name=start_time,json=startTime,proto3"`
	EndTime      *Duration        `protobuf:"bytes,7,opt,name=end_time,json=endTime,proto3"`
	Options      *Options         `protobuf:"bytes,40,opt,name=options,proto3"`
}

// NamedText is an instance datum of raystack's protocol.
type NamedText struct {
	XXX_NoUnkeyedLiteral
	Name  string `protobuf:"bytes,1,opt,name=name,proto3"`
	Value string `protobuf:"bytes,2,opt,name=value,proto3"`
	Type  string `protobuf:"bytes,3,opt,name=type,proto3"`
}

// RaystackCompileRequest is what became of CompileRequest in 2023: fields 3 to 5 are reserved there.
type RaystackCompileRequest struct {
	XXX_NoUnkeyedLiteral
	Configs      *Entries     `protobuf:"bytes,1,opt,name=configs,proto3"`
	Assets       *Entries     `protobuf:"bytes,2,opt,name=assets,proto3"`
	StartTime    *Duration    `protobuf:"bytes,6,opt,name=start_time,json=startTime,proto3"`
	EndTime      *Duration    `protobuf:"bytes,7,opt,name=end_time,json=endTime,proto3"`
	InstanceData []*NamedText `protobuf:"bytes,8,rep,name=instance_data,json=instanceData,proto3"`
	Options      *Options     `protobuf:"bytes,40,opt,name=options,proto3"`
}

type Secret struct {
	XXX_NoUnkeyedLiteral
	Name  string `protobuf:"bytes,1,opt,name=name,proto3"`
	Value string `protobuf:"bytes,2,opt,name=value,proto3"`
}

type Project struct {
	XXX_NoUnkeyedLiteral
	Name    string            `protobuf:"bytes,1,opt,name=name,proto3"`
	Config  map[string]string `protobuf:"bytes,2,rep,name=config,proto3" protobuf_key:"bytes,1,opt,name=key,proto3" protobuf_val:"bytes,2,opt,name=value,proto3"`
	Secrets []*Secret         `protobuf:"bytes,3,rep,name=secrets,proto3"`
}

type ResolveRequest struct {
	XXX_NoUnkeyedLiteral
	Config  *Entries `protobuf:"bytes,1,opt,name=config,proto3"`
	Assets  *Entries `protobuf:"bytes,2,opt,name=assets,proto3"`
	Project *Project `protobuf:"bytes,3,opt,name=project,proto3"`
	Options *Options `protobuf:"bytes,40,opt,name=options,proto3"`
}

type DestinationResponse struct {
	XXX_NoUnkeyedLiteral
	Destination string `protobuf:"bytes,1,opt,name=destination,proto3"`
	Type        string `protobuf:"bytes,2,opt,name=destination_type,json=destinationType,proto3"`
}

type DependenciesResponse struct {
	XXX_NoUnkeyedLiteral
	Dependencies []string `protobuf:"bytes,1,rep,name=dependencies,proto3"`
}
